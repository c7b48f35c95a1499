/** The stream that a caller reads an object by: opened at its first read, aborted with the signal, released when it is dropped. */
import { isEmptyRange } from './byte-range.js'
import type { ArtifactStoreDriver, GetResult, OperationOptions } from './driver.js'
import { type OperationName, performOperation } from './perform-operation.js'
import { openObject, type ReadSelection, readObject } from './read-object.js'

/** Opens an object; the signal ends its body too. */
export type OpenBody = (signal: AbortSignal) => Promise<GetResult>

/** Streams that nobody holds any more, and so nobody ends. */
const dropped = new FinalizationRegistry<() => void>((release) => release())

/** Returns a stream whose every read is an operation, with its abort, its time limit and its errors; the first one opens the object. */
export function openStream(name: OperationName, options: OperationOptions, open: OpenBody): ReadableStream<Uint8Array> {
  const body = new LateBody(open)
  const { signal } = options
  const release = (reason: unknown): Promise<void> => {
    signal?.removeEventListener('abort', onAbort)
    dropped.unregister(body)
    return body.close(reason)
  }
  // Neither of these may hold the stream, or it would never be found dropped.
  const onAbort = (): void => void release(signal?.reason)
  const onDrop = (): void => void release(undefined)
  signal?.addEventListener('abort', onAbort, { once: true })
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await performOperation(name, options, (limits) => body.read(limits))
          if (chunk !== undefined) return controller.enqueue(chunk)
          release(undefined)
          controller.close()
        } catch (error) {
          release(error)
          throw error
        }
      },
      cancel: release,
    },
    { highWaterMark: 0 },
  )
  dropped.register(stream, onDrop, body)
  return stream
}

/** Opens what a stream reads. No bytes at all no store can be asked for, yet absence and a start beyond the end are reported. */
export async function openSelection(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & ReadSelection,
): Promise<GetResult> {
  if (options.range === undefined || !isEmptyRange(options.range)) return openObject(driver, key, options)
  const bytes = await readObject(driver, key, options)
  return {
    stat: { key, kind: 'file', size: 0 },
    range: { start: 0, end: 0 },
    body: () => new ReadableStream({ start: (controller) => controller.close() }),
    into: async () => bytes.length,
    close: async () => {},
  }
}

interface OpenedBody {
  readonly opened: GetResult
  readonly reader: ReadableStreamDefaultReader<Uint8Array>
}

/** A body that is opened when its first chunk is asked for. */
class LateBody {
  readonly #open: OpenBody
  /** Of the whole body: each read has a signal of its own, which ends with it. */
  readonly #controller = new AbortController()
  #opening: Promise<OpenedBody> | undefined

  constructor(open: OpenBody) {
    this.#open = open
  }

  /** The next chunk; undefined at the end. */
  async read({ signal }: OperationOptions): Promise<Uint8Array | undefined> {
    const onAbort = (): void => this.#controller.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      this.#opening ??= this.#begin()
      const { reader } = await this.#opening
      const step = await reader.read()
      return step.done ? undefined : step.value
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async close(reason: unknown): Promise<void> {
    this.#controller.abort(reason)
    const body = await this.#opening?.catch(() => undefined)
    if (body !== undefined) await Promise.allSettled([body.reader.cancel(reason), body.opened.close()])
  }

  async #begin(): Promise<OpenedBody> {
    const opened = await this.#open(this.#controller.signal)
    return { opened, reader: opened.body().getReader() }
  }
}
