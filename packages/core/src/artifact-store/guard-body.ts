/** The stream that a caller reads an object by: aborted with the signal, its errors told, nothing held when it is dropped. */
import type { GetResult, OperationOptions } from './driver.js'
import { type OperationName, performOperation } from './perform-operation.js'

/** Streams that nobody holds any more, and so nobody ends. */
const dropped = new FinalizationRegistry<() => void>((release) => release())

/** Gives an opened object's body as a stream whose every read is an operation, with its abort and its errors. */
export function guardBody(
  name: OperationName,
  options: OperationOptions,
  opened: GetResult,
): ReadableStream<Uint8Array> {
  const reader = opened.body().getReader()
  const { signal } = options
  const end = (): void => {
    signal?.removeEventListener('abort', onAbort)
    dropped.unregister(reader)
  }
  const release = async (reason: unknown): Promise<void> => {
    end()
    await Promise.allSettled([reader.cancel(reason), opened.close()])
  }
  // Neither of these may hold the stream, or it would never be found dropped.
  const onAbort = (): void => void release(signal?.reason)
  const onDrop = (): void => void release(undefined)
  signal?.addEventListener('abort', onAbort, { once: true })
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const step = await performOperation(name, options, () => reader.read())
          if (!step.done) return controller.enqueue(step.value)
          end()
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
  dropped.register(stream, onDrop, reader)
  return stream
}
