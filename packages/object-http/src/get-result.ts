/** Gives an opened object the form that drivers answer with. */
import type { GetResult, Placed, Stat } from '@stack/core'
import { BodyFiller, fillWithBody, type ObjectSource, type OpenedObject, readBody } from './object-body.js'

/** Where a body comes from, and how its errors are told. */
export interface ReadableSource extends ObjectSource {
  /** The error to throw for one of the connection or the server. */
  toError(error: unknown): unknown
}

/** An object opened for reading. That damaged bytes are read once more is the business of whoever asked for them. */
export function toGetResult(stat: Stat, opened: OpenedObject, source: ReadableSource): GetResult {
  const attempt = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw source.toError(error)
    }
  }
  const into = (target: Uint8Array, placed?: Placed) => attempt(() => fillWithBody(target, opened, source, placed))
  let filler: BodyFiller | undefined
  return {
    stat,
    range: opened.range,
    into,
    next(target, placed) {
      return attempt(() => {
        filler ??= new BodyFiller(opened, source)
        return filler.fill(target, placed)
      })
    },
    async bytes() {
      // A buffer of its own, that needs no zeros first.
      const bytes = new Uint8Array(Buffer.allocUnsafeSlow(opened.range.end - opened.range.start).buffer)
      await into(bytes)
      return bytes
    },
    body() {
      const chunks = readBody(opened, source)
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const step = await attempt(() => chunks.next())
            if (step.done) controller.close()
            else controller.enqueue(step.value)
          },
          async cancel() {
            opened.close()
            await chunks.return()
          },
        },
        { highWaterMark: 0 },
      )
    },
    close: async () => opened.close(),
  }
}
