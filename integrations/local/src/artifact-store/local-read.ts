/** Reading a file: small ones in one go, large ones and streams in pieces. */
import { closeSync, constants, openSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { allocate, type GetOptions, type GetResult, resolveRange, type Stat, versionChanged } from '@stack/core'
import { statReadable } from './local-stat.js'
import { whenOpenable } from './open-files.js'
import { toStoreError } from './to-store-error.js'

const readAsync = promisify(read)

/**
 * Bytes up to which a file is read at once: from memory that takes less time than a trip to the thread pool.
 * See docs/decisions/0010-synchronous-small-files.md.
 */
const readAtOnce = 1024 * 1024
/** Bytes of a stream's piece. */
const pieceSize = 256 * 1024

// Paths are real already: a link that appears in the meantime is not followed. A pipe must not block.
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

interface OpenFile {
  readonly descriptor: number
  readonly stat: Stat
  readonly start: number
  readonly end: number
}

/** Opens the file at a real path. */
export async function readLocal(key: string, path: string, options: GetOptions): Promise<GetResult> {
  const { stat, start, end, bytes } = await whenOpenable(() => readSmall(key, path, options), options.signal)
  const range = { start, end }
  if (bytes === undefined) return largeFile(key, path, options, { stat, range })
  return {
    stat,
    range,
    body: () => streamBytes(bytes),
    bytes: async () => bytes,
    async into(target) {
      target.set(bytes)
      return bytes.length
    },
    async close() {},
  }
}

/** A larger file is opened again when its first byte is wanted: what waits to be read holds no descriptor. */
function largeFile(
  key: string,
  path: string,
  options: GetOptions,
  known: Pick<GetResult, 'stat' | 'range'>,
): GetResult {
  const { signal } = options
  const reopen = (): Promise<OpenFile> => whenOpenable(() => openFile(key, path, options), signal)
  return {
    ...known,
    body: () => streamFile(reopen, signal),
    async bytes() {
      const file = await reopen()
      const target = allocate(file.end - file.start)
      await fill(file, target, signal)
      return target
    },
    async into(target) {
      const file = await reopen()
      if (file.stat.version === known.stat.version) return fill(file, target, signal)
      closeSync(file.descriptor)
      throw versionChanged()
    },
    async close() {},
  }
}

function openFile(key: string, path: string, options: GetOptions): OpenFile {
  const descriptor = openSync(path, openFlags)
  try {
    const stat = statReadable(key, descriptor)
    if (options.ifMatch !== undefined && options.ifMatch !== stat.version) throw versionChanged()
    return { descriptor, stat, ...resolveRange(options.range, stat.size) }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function readSmall(key: string, path: string, options: GetOptions): OpenFile & { readonly bytes?: Uint8Array } {
  const file = openFile(key, path, options)
  const { descriptor, start, end } = file
  try {
    if (end - start > readAtOnce) return file
    const bytes = allocate(end - start)
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, start + done)
      if (count === 0) throw versionChanged()
      done += count
    }
    return { ...file, bytes }
  } finally {
    closeSync(descriptor)
  }
}

async function fill(file: OpenFile, target: Uint8Array, signal: AbortSignal | undefined): Promise<number> {
  let done = 0
  for await (const count of readPieces(file, () => target.subarray(done), signal)) done += count
  return done
}

function streamFile(open: () => Promise<OpenFile>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  let piece = new Uint8Array(0)
  let counts: AsyncGenerator<number, void, undefined> | undefined
  const next = (): Uint8Array => {
    piece = allocate(pieceSize)
    return piece
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        counts ??= readPieces(await open(), next, signal)
        const step = await counts.next()
        if (step.done) controller.close()
        else controller.enqueue(piece.subarray(0, step.value))
      },
      async cancel() {
        await counts?.return()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Reads an open file piece by piece into the targets it is given, and closes it. */
async function* readPieces(
  file: OpenFile,
  target: () => Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<number, void, undefined> {
  try {
    for (let position = file.start; position < file.end; ) {
      signal?.throwIfAborted()
      const buffer = target()
      const length = Math.min(buffer.length, file.end - position)
      const { bytesRead } = await readAsync(file.descriptor, buffer, 0, length, position)
      if (bytesRead === 0) throw versionChanged()
      position += bytesRead
      yield bytesRead
    }
  } catch (error) {
    throw toStoreError(error)
  } finally {
    closeSync(file.descriptor)
  }
}

function streamBytes(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}
