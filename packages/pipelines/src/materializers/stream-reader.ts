/** Reads a stream of any kind chunk by chunk, and gives it up at any moment, also while it does not answer. */
import { Readable } from 'node:stream'
import { StackError } from '@stack/core'

/** What can be read in chunks: a stream of the web or of Node, or any async iterable; text is written as UTF-8. */
export type StreamSource =
  | ReadableStream<Uint8Array>
  | ReadableStream<string>
  | Readable
  | AsyncIterable<Uint8Array | string>

/** Gives one chunk after the other. */
export interface StreamReader {
  next(): Promise<IteratorResult<unknown, unknown>>
  /** Tells the source that nobody reads on. */
  cancel(reason: unknown): Promise<void>
}

/**
 * Takes a source for reading; nothing else can read it then.
 * @throws StackError `invalid-output` where somebody reads it, or has.
 */
export function openReader(source: StreamSource): StreamReader {
  if (source instanceof ReadableStream) {
    if (source.locked || Readable.isDisturbed(source as never)) throw alreadyRead()
    const reader = (source as ReadableStream<unknown>).getReader()
    return {
      next: async () => {
        const step = await reader.read()
        return step.done ? { done: true, value: undefined } : step
      },
      cancel: (reason) => reader.cancel(reason),
    }
  }
  if (source instanceof Readable) {
    if (Readable.isDisturbed(source) && source.errored === null) throw alreadyRead()
    const iterator = source[Symbol.asyncIterator]()
    return {
      next: () => iterator.next(),
      cancel: async () => void source.destroy(),
    }
  }
  const iterator = source[Symbol.asyncIterator]()
  return {
    next: () => iterator.next(),
    cancel: async () => void (await iterator.return?.()),
  }
}

/** Passes on what a reader gives; it is given up when its iteration ends early, or the signal aborts. */
export async function* readAll(reader: StreamReader, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  let ended = false
  const cancel = (reason?: unknown) => {
    ended = true
    reader.cancel(reason).catch(() => {})
  }
  const onAbort = () => cancel(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      signal?.throwIfAborted()
      const step = await reader.next()
      if (step.done === true) {
        signal?.throwIfAborted()
        ended = true
        return
      }
      yield step.value
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    if (!ended) cancel()
  }
}

function alreadyRead(): StackError {
  return new StackError('invalid-output', 'it is a stream that was read already', {
    hint: 'A stream can be read once: give one that nothing reads, or new ArtifactStream(() => openIt()).',
  })
}
