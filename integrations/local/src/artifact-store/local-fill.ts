/** Filling a temporary with what is written: bytes, a stream, a file. */
import { constants, fstatSync, write, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type PutSource, StackError } from '@stack/core'
import { whenOpenable } from './open-files.js'
import type { TemporaryFile, TemporaryFiles } from './temporary-files.js'

const writeAsync = promisify(write)

/** Bytes up to which bytes are written at once: they only go to memory, which takes less time than the thread pool. */
const writeAtOnce = 1024 * 1024

type FileSource = Extract<PutSource, { kind: 'file' }>
type StreamSource = Extract<PutSource, { kind: 'stream' }>

/** Waits for a stream's first chunk: one that does not come is to hold no descriptor. */
export async function beginStream(source: StreamSource): Promise<StreamSource> {
  const chunks = source.chunks[Symbol.asyncIterator]()
  const first = await chunks.next()
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let step = first; step.done !== true; step = await chunks.next()) yield step.value
    } finally {
      await chunks.return?.(undefined)
    }
  }
  return { ...source, chunks: all() }
}

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
 * Copies a file, or a range of it, and returns the count of bytes: another than expected where it has changed meanwhile. The
 * copy of `node:fs` never ends where its source is cut meanwhile.
 */
async function copyIn(file: TemporaryFile, source: FileSource, signal: AbortSignal | undefined): Promise<number> {
  const { start = 0 } = source
  const from = await whenOpenable(() => open(source.path, constants.O_RDONLY | constants.O_NONBLOCK), signal)
  try {
    const before = fstatSync(from.fd, { bigint: true })
    if (!before.isFile()) throw changed()
    const memory = Buffer.allocUnsafeSlow(Math.min(source.size, writeAtOnce))
    let size = 0
    while (size < source.size) {
      const { bytesRead } = await from.read(memory, 0, Math.min(memory.length, source.size - size), start + size)
      if (bytesRead === 0) break
      await writePieces(file.descriptor, memory.subarray(0, bytesRead), signal)
      size += bytesRead
    }
    const after = fstatSync(from.fd, { bigint: true })
    // A whole file ends where it says, also one that says it is empty.
    const rest = source.start === undefined ? (await from.read(Buffer.alloc(1), 0, 1, size)).bytesRead : 0
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || rest > 0) throw changed()
    return size
  } finally {
    await from.close()
  }
}

function changed(): StackError {
  return new StackError('precondition-failed', 'its source changed meanwhile')
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
