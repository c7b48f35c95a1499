/** Where the parts of an upload come from: bytes that are in memory, or ranges of a file, which cost no memory. */
import type { MultipartUpload, PartSource } from './driver.js'
import { checkUnchanged, type FileSource, sourceChanged } from './file-source.js'
import { equalPartSize } from './part-sizes.js'
import type { Transfer } from './transfer-options.js'

/** A part on its way. */
export interface Part {
  /** From 1. */
  readonly number: number
  readonly source: PartSource
  readonly last: boolean
}

/** Gives parts in order, one to each who asks. */
export interface PartFeed {
  /** How many may be on their way at once. */
  readonly atOnce: number
  /** The next part; null after the last. */
  next(): Promise<Part | null>
  /** A part has arrived: its memory may be used again. */
  release?(part: Part): void
  /** All have arrived. Throws `precondition-failed` where they are not of one source any more. */
  check?(): Promise<void>
}

/** The parts of bytes in memory, which are not copied. */
export function bytesFeed(bytes: Uint8Array, upload: MultipartUpload, transfer: Transfer): PartFeed {
  const { length } = bytes
  const cut = (start: number, end: number): PartSource => {
    // Memory that was transferred meanwhile has no bytes any more.
    if (bytes.length !== length) throw sourceChanged(bytes.length, length)
    return { kind: 'bytes', bytes: bytes.subarray(start, end) }
  }
  return rangesFeed(length, cut, upload, transfer)
}

/** The parts of a file, which whoever sends them reads. */
export function fileFeed(file: FileSource, upload: MultipartUpload, transfer: Transfer): PartFeed {
  const cut = (start: number, end: number): PartSource => ({ kind: 'file', path: file.path, start, size: end - start })
  return {
    ...rangesFeed(file.size, cut, upload, transfer),
    check: () => checkUnchanged(file),
  }
}

function rangesFeed(
  size: number,
  cut: (start: number, end: number) => PartSource,
  upload: MultipartUpload,
  transfer: Transfer,
): PartFeed {
  const partSize = equalPartSize(upload, size, transfer.partSize)
  const count = Math.ceil(size / partSize)
  // Parts that had to grow must not hold more memory than was allowed, where the one who sends them reads them into it.
  const fitting = Math.max(1, Math.floor(transfer.memory / partSize))
  let number = 0
  return {
    atOnce: upload.inOrder === true ? 1 : Math.min(transfer.concurrency, fitting, count),
    async next() {
      if (number === count) return null
      const start = number * partSize
      number += 1
      return { number, source: cut(start, Math.min(size, start + partSize)), last: number === count }
    },
  }
}
