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

/**
 * Gives data the form drivers take; a stream ends with the signal's reason on abort, even where it never answers.
 * @throws StackError `usage` for what cannot be written, `not-found` and `is-a-directory` for a file.
 */
export async function toPutSource(data: WritableData, signal: AbortSignal | undefined): Promise<PutSource> {
  if (typeof data === 'string') return { kind: 'bytes', bytes: Buffer.from(data, 'utf8') }
  if (data instanceof Uint8Array) return { kind: 'bytes', bytes: data }
  if (ArrayBuffer.isView(data)) return { kind: 'bytes', bytes: viewBytes(data) }
  if (data instanceof ArrayBuffer) return { kind: 'bytes', bytes: new Uint8Array(data) }
  if (data instanceof Blob) return { kind: 'stream', chunks: toChunks(data.stream(), signal), size: data.size }
  if (isAsyncIterable(data)) return { kind: 'stream', chunks: toChunks(data, signal) }
  if (typeof data === 'object' && data !== null && typeof data.file === 'string') return fileSource(data.file)
  throw unwritable(data)
}

async function fileSource(path: string): Promise<PutSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new StackError('not-found', `the file ${JSON.stringify(path)} to write from cannot be read`, { cause })
  })
  if (!found.isFile()) throw new StackError('is-a-directory', `${JSON.stringify(path)} to write from is no file`)
  return { kind: 'file', path, size: found.size }
}

async function* toChunks(
  source: AsyncIterable<unknown> | ReadableStream<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = (source as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  let onAbort: () => void = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal?.reason)
  })
  aborted.catch(() => {})
  signal?.addEventListener('abort', onAbort, { once: true })
  let ended = false
  try {
    for (;;) {
      signal?.throwIfAborted()
      const step = await Promise.race([iterator.next(), aborted])
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
