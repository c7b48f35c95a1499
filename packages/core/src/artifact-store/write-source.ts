/** What may be written, and its one form for drivers. */
import { Readable } from 'node:stream'
import { StackError } from '../errors/stack-error.js'
import type { PutSource } from './driver.js'
import { type FileSource, findFile, readUnsized } from './file-source.js'

/** Chunks of a stream; text is written as UTF-8. */
export type WritableChunk = Uint8Array | string

/**
 * What may be written: bytes, text (as UTF-8), a Blob, a stream (WHATWG or Node), any iterable of chunks, or a file of
 * this machine, which can be read again and so be sent in parallel and tried again.
 */
export type WritableData =
  | Uint8Array
  | ArrayBuffer
  | string
  | Blob
  | ReadableStream<WritableChunk>
  | AsyncIterable<WritableChunk>
  | { readonly file: string }

/**
 * Returns data in the form that drivers take; a stream ends with the signal's reason on abort, even where it never answers.
 * @throws StackError `usage` for what cannot be written whole; of a file, what `findFile` throws.
 */
export async function toPutSource(
  data: WritableData,
  signal: AbortSignal | undefined,
): Promise<FileSource | Exclude<PutSource, { kind: 'file' }>> {
  const bytes = asBytes(data)
  if (bytes !== undefined) return { kind: 'bytes', bytes }
  if (data instanceof Blob) return { kind: 'stream', chunks: toChunks(data.stream(), signal), size: data.size }
  if (isAsyncIterable(data)) {
    checkUnread(data)
    return { kind: 'stream', chunks: toChunks(data, signal) }
  }
  if (!isFile(data)) throw unwritable(data)
  const file = await findFile(data.file)
  return file.size > 0 ? file : { kind: 'stream', chunks: toChunks(readUnsized(file), signal) }
}

/**
 * The bytes of data that are in memory already; undefined for all other data.
 * @throws StackError `usage` for text and memory that have no bytes of their own
 */
export function asBytes(data: WritableData): Uint8Array | undefined {
  if (typeof data === 'string') return encodeText(data)
  if (ArrayBuffer.isView(data)) return viewBytes(data)
  if (!(data instanceof ArrayBuffer)) return undefined
  checkAttached(data)
  return new Uint8Array(data)
}

function isFile(data: unknown): data is { readonly file: string } {
  return typeof data === 'object' && data !== null && 'file' in data && typeof data.file === 'string'
}

/** What was read of a stream is missing from it, and what another reads of it will be. */
function checkUnread(data: AsyncIterable<unknown>): void {
  const locked = 'locked' in data && data.locked === true
  if (!locked && !Readable.isDisturbed(data as unknown as Readable)) return
  throw new StackError('usage', 'the stream to write was read already, or another reads it', {
    hint: 'Pass a stream that nobody has read; what is left of one, as an async iterable of its chunks.',
  })
}

async function* toChunks(
  source: AsyncIterable<unknown> | ReadableStream<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  const encoder = new ChunkEncoder()
  let stop: (reason: unknown) => void = () => {}
  const onAbort = () => stop(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  let ended = false
  try {
    for (;;) {
      signal?.throwIfAborted()
      // A promise of its own for each chunk: a race with one that lasts would hold every chunk until the end.
      const step = await new Promise<IteratorResult<unknown>>((resolve, reject) => {
        stop = reject
        iterator.next().then(resolve, (error: unknown) => reject(toSourceError(error)))
      })
      ended = step.done === true
      if (ended) return encoder.end()
      yield encoder.encode(step.value)
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    // Not awaited: a source that does not answer `next` answers no `return` either.
    if (!ended) iterator.return?.(undefined)?.catch(() => {})
  }
}

/** Turns chunks into bytes; a pair of surrogates may be cut between two texts. */
class ChunkEncoder {
  /** The first of a pair, whose second is to begin the next text. */
  #half = ''

  encode(chunk: unknown): Uint8Array {
    if (typeof chunk !== 'string') {
      this.end()
      if (ArrayBuffer.isView(chunk)) return viewBytes(chunk)
      throw unwritable(chunk)
    }
    const text = this.#half + chunk
    const cut = /[\ud800-\udbff]$/.test(text)
    this.#half = cut ? text.slice(-1) : ''
    return encodeText(cut ? text.slice(0, -1) : text)
  }

  end(): void {
    if (this.#half !== '') throw illFormed()
  }
}

function encodeText(text: string): Uint8Array {
  if (!text.isWellFormed()) throw illFormed()
  return Buffer.from(text, 'utf8')
}

function viewBytes(view: ArrayBufferView): Uint8Array {
  checkAttached(view.buffer)
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

/** Memory that was transferred, as to a worker, looks like none; only making a view of it shows that it is gone. */
function checkAttached(buffer: ArrayBufferLike): void {
  if (buffer.byteLength > 0) return
  try {
    new Uint8Array(buffer)
  } catch (cause) {
    throw new StackError('usage', 'the bytes to write were transferred, and are gone', { cause })
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof value[Symbol.asyncIterator] === 'function'
  )
}

/** A Blob of a file cannot be read any more when the file has changed. */
function toSourceError(error: unknown): unknown {
  if (!(error instanceof DOMException) || error.name !== 'NotReadableError') return error
  return new StackError('precondition-failed', 'its source changed meanwhile', { cause: error })
}

function illFormed(): StackError {
  return new StackError('usage', 'text with half of a surrogate pair has no bytes in UTF-8')
}

function unwritable(value: unknown): StackError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  return new StackError('usage', `${kind} cannot be written`, {
    hint: 'Write bytes, a string, a Blob, a stream, an async iterable of chunks, or { file: path }.',
  })
}
