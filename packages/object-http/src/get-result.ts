/** Gives an opened object the form that drivers answer with. */
import { type GetResult, isStackError, type Stat } from '@stack/core'
import { type ObjectSource, type OpenedObject, readBody } from './object-body.js'

/** Where a body comes from, and how its errors are told. */
export interface ReadableSource extends ObjectSource {
  /** The error to throw for one of the connection or the server. */
  toError(error: unknown): unknown
}

/** An object opened for reading; into memory it is read once more where its bytes are not those that were written. */
export function toGetResult(stat: Stat, opened: OpenedObject, source: ReadableSource): GetResult {
  const chunks = readBody(opened, source)
  const attempt = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw source.toError(error)
    }
  }
  const close = async (): Promise<void> => {
    opened.close()
    await chunks.return()
  }
  return {
    stat,
    range: opened.range,
    close,
    body: () =>
      new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const step = await attempt(() => chunks.next())
            if (step.done) controller.close()
            else controller.enqueue(step.value)
          },
          cancel: close,
        },
        { highWaterMark: 0 },
      ),
    into: (target) =>
      attempt(async () => {
        try {
          return await fill(target, chunks)
        } catch (error) {
          if (!isStackError(error, 'checksum-mismatch')) throw error
          return fill(target, readBody(await source.reopen(opened.range), source))
        }
      }),
  }
}

async function fill(target: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let written = 0
  for await (const chunk of chunks) {
    target.set(chunk, written)
    written += chunk.byteLength
  }
  return written
}
