/** Gives an opened object the form that drivers answer with. */
import { allocate, type ByteRange, type GetResult, type Placed, type Stat } from '@stack/core'
import { checkHeldRange } from './body-range.js'
import { BodyFiller, fillWithBody, type ObjectSource, type OpenedObject, readBody } from './object-body.js'

/** Where a body comes from, and how its errors are told. */
export interface ReadableSource extends ObjectSource {
  /** What was asked for, where that is not the whole object. */
  readonly asked: ByteRange | undefined
  /** The error to throw for one of the connection or the server. */
  toError(error: unknown): unknown
}

/**
 * An object opened for reading. That damaged bytes are read once more is the business of whoever asked for them.
 * @throws StackError `unavailable` where the server opened other bytes than were asked for.
 */
export function toGetResult(stat: Stat, opened: OpenedObject, source: ReadableSource): GetResult {
  try {
    checkHeldRange(opened.range, stat.size, source.asked)
  } catch (error) {
    opened.close()
    throw error
  }
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
      const bytes = allocateFor(opened)
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

function allocateFor(opened: OpenedObject): Uint8Array {
  try {
    return allocate(opened.range.end - opened.range.start)
  } catch (error) {
    opened.close()
    throw error
  }
}
