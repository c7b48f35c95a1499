/** Filling a temporary with what is written: bytes, a stream, a file. */
import { fstatSync, write, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type PutSource, StackError } from '@stack/core'
import { whenOpenable } from './open-files.js'
import type { TemporaryFile, TemporaryFiles } from './temporary-files.js'

const writeAsync = promisify(write)

/** Bytes up to which bytes are written at once: they only go to memory, which takes less time than the thread pool. */
const writeAtOnce = 1024 * 1024

type FileSource = Extract<PutSource, { kind: 'file' }>

/** Where the file system can, a large file is not copied: both share its blocks. Null where that is not so. */
export async function cloneLarge(temporaries: TemporaryFiles, source: FileSource): Promise<TemporaryFile | null> {
  if (source.start !== undefined || source.size <= writeAtOnce) return null
  const cloned = await temporaries.clone(source.path)
  if (cloned === null) return null
  try {
    checkSize(fstatSync(cloned.descriptor).size, source.size)
    return cloned
  } catch (error) {
    cloned.discard()
    throw error
  }
}

/** Writes a source to a file. */
export async function fill(file: TemporaryFile, source: PutSource, signal: AbortSignal | undefined): Promise<void> {
  if (source.kind === 'bytes' && source.bytes.length <= writeAtOnce) return writeAll(file.descriptor, source.bytes)
  if (source.kind === 'bytes') return writePieces(file.descriptor, source.bytes, signal)
  if (source.kind === 'file') return checkSize(await copyIn(file, source, signal), source.size)
  let size = 0
  for await (const chunk of source.chunks) {
    signal?.throwIfAborted()
    await writePieces(file.descriptor, chunk, signal)
    size += chunk.length
  }
  checkSize(size, source.size)
}

/**
 * Copies a file, or a range of it, and gives the count of bytes: one more than expected where it has grown. The copy of
 * `node:fs` never ends where its source is cut meanwhile.
 */
async function copyIn(file: TemporaryFile, source: FileSource, signal: AbortSignal | undefined): Promise<number> {
  const limit = source.start === undefined ? source.size + 1 : source.size
  const start = source.start ?? 0
  const from = await whenOpenable(() => open(source.path), signal)
  try {
    const memory = Buffer.allocUnsafeSlow(Math.min(limit, writeAtOnce))
    let size = 0
    while (size < limit) {
      const { bytesRead } = await from.read(memory, 0, Math.min(memory.length, limit - size), start + size)
      if (bytesRead === 0) break
      await writePieces(file.descriptor, memory.subarray(0, bytesRead), signal)
      size += bytesRead
    }
    // What is read while the source is cut may be zeros: then less is left of it than was read.
    return Math.min(size, Math.max(0, fstatSync(from.fd).size - start))
  } finally {
    await from.close()
  }
}

function checkSize(size: number, expected: number | undefined): void {
  if (expected === undefined || size === expected) return
  throw new StackError('precondition-failed', `its source gave ${size} bytes, not ${expected}: it changed meanwhile`)
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done)
}

async function writePieces(descriptor: number, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    signal?.throwIfAborted()
    const { bytesWritten } = await writeAsync(descriptor, bytes, done, Math.min(bytes.length - done, writeAtOnce))
    done += bytesWritten
  }
}
