/** What may be written, and its one form for drivers. */
import { stat } from 'node:fs/promises'
import { StackError } from '../errors/stack-error.js'
import type { PutSource } from './driver.js'

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

/** A whole file, and when it was changed last. */
export interface FileSource {
  readonly kind: 'file'
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

/**
 * Gives data the form drivers take; a stream ends with the signal's reason on abort, even where it never answers.
 * @throws StackError `usage` for what cannot be written, `not-found` and `is-a-directory` for a file.
 */
export async function toPutSource(
  data: WritableData,
  signal: AbortSignal | undefined,
): Promise<FileSource | Exclude<PutSource, { kind: 'file' }>> {
  const bytes = asBytes(data)
  if (bytes !== undefined) return { kind: 'bytes', bytes }
  if (data instanceof Blob) return { kind: 'stream', chunks: toChunks(data.stream(), signal), size: data.size }
  if (isAsyncIterable(data)) return { kind: 'stream', chunks: toChunks(data, signal) }
  if (isFile(data)) return fileSource(data.file)
  throw unwritable(data)
}

/** The bytes of data that are in memory already. */
export function asBytes(data: WritableData): Uint8Array | undefined {
  if (data instanceof Uint8Array) return data
  if (typeof data === 'string') return Buffer.from(data, 'utf8')
  if (ArrayBuffer.isView(data)) return viewBytes(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : undefined
}

/** The error for a source that is not as long as it was when the write began. */
export function sourceChanged(size: number, expected: number): StackError {
  const found = size === expected ? '' : `: it gave ${size} bytes, not ${expected}`
  return new StackError('precondition-failed', `its source changed meanwhile${found}`)
}

function isFile(data: unknown): data is { readonly file: string } {
  return typeof data === 'object' && data !== null && 'file' in data && typeof data.file === 'string'
}

async function fileSource(path: string): Promise<FileSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new StackError('not-found', `the file ${JSON.stringify(path)} to write from cannot be read`, { cause })
  })
  if (!found.isFile()) throw new StackError('is-a-directory', `${JSON.stringify(path)} to write from is no file`)
  return { kind: 'file', path, size: found.size, modifiedMs: found.mtimeMs }
}

async function* toChunks(
  source: AsyncIterable<unknown> | ReadableStream<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
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
        iterator.next().then(resolve, reject)
      })
      ended = step.done === true
      if (ended) return
      yield toBytes(step.value)
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    // Not awaited: a source that does not answer `next` answers no `return` either.
    if (!ended) iterator.return?.(undefined)?.catch(() => {})
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8')
  if (ArrayBuffer.isView(chunk)) return viewBytes(chunk)
  throw unwritable(chunk)
}

function viewBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function unwritable(value: unknown): StackError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  return new StackError('usage', `${kind} cannot be written`, {
    hint: 'Write bytes, a string, a Blob, a stream, an async iterable of chunks, or { file: path }.',
  })
}
