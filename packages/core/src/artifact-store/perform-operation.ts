/** Runs one operation of a store: its time limit, its abort, and errors that say which verb failed on which URI. */
import { isStackError, StackError } from '../errors/stack-error.js'
import { parseTimeLimit } from '../time/time-limit.js'
import type { DriverOptions, OperationOptions } from './driver.js'

/** What an operation does and to what, as its errors tell it. */
export interface OperationName {
  /** A verb, as in "Cannot read …". */
  readonly operation: string
  readonly uri: string
}

/** Milliseconds that an aborted operation has to clean up in; it rejects as soon as it has, and then in any case. */
const cleaningMs = 500

/**
 * Runs an operation; an abort rejects with the signal's reason, soon even where the driver does not answer, and also where
 * what was read seems to have ended.
 * @throws StackError `timed-out` after `timeoutMs`, `usage` for a time limit that is none; any other with `uri` and
 * `operation` in its details.
 */
export async function performOperation<T>(
  name: OperationName,
  options: OperationOptions,
  run: (options: DriverOptions) => Promise<T>,
): Promise<T> {
  try {
    const timeoutMs = parseTimeLimit('timeoutMs', options.timeoutMs)
    checkSignal(options.signal)
    options.signal?.throwIfAborted()
    if (options.signal === undefined && timeoutMs === undefined) return await run({})
    return await withinLimits({ signal: options.signal, timeoutMs }, run)
  } catch (error) {
    if (options.signal?.aborted && error === options.signal.reason) throw error
    throw describeError(name, error)
  }
}

/** Runs an operation that writes: where it succeeds in spite of an abort or of its time limit, it has succeeded. */
export function performWrite<T>(
  name: OperationName,
  options: OperationOptions,
  run: (options: DriverOptions) => Promise<T>,
): Promise<T> {
  return performOperation(name, options, async (limits) => {
    const result = await run(limits)
    limits.published?.()
    return result
  })
}

/** Passes on what an iteration of a store yields, each step of it an operation. */
export async function* performIteration<T>(
  name: OperationName,
  options: OperationOptions,
  start: (options: OperationOptions) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController()
  const iterator = start({ signal: controller.signal })[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step = await performOperation(name, options, ({ signal }) => {
        signal?.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
        return iterator.next()
      })
      if (step.done) return
      yield step.value
    }
  } finally {
    controller.abort()
    iterator.return?.(undefined)?.catch(() => {})
  }
}

/** By its shape: some come from another realm. */
function checkSignal(signal: unknown): void {
  if (signal === undefined || signal === null) return
  const { aborted, addEventListener } = signal as Partial<AbortSignal>
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return
  throw new StackError('usage', 'signal is no AbortSignal')
}

async function withinLimits<T>(
  { signal: callers, timeoutMs }: OperationOptions,
  run: (options: DriverOptions) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  let cleaning: NodeJS.Timeout | undefined
  let giveUp: (reason: unknown) => void = () => {}
  const overdue = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const stop = (reason: unknown): void => {
    cleaning = setTimeout(giveUp, cleaningMs, reason)
    controller.abort(reason)
  }
  const onAbort = (): void => stop(callers?.reason)
  const onTimeout = (): void => stop(new StackError('timed-out', `it took longer than ${timeoutMs} ms`))
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs)
  callers?.addEventListener('abort', onAbort, { once: true })
  const ignoreLimits = (): void => {
    clearTimeout(timer)
    clearTimeout(cleaning)
    callers?.removeEventListener('abort', onAbort)
  }
  let isPublished = false
  const published = (): void => {
    isPublished = true
    ignoreLimits()
  }
  try {
    const result = await Promise.race([run({ signal, published }), overdue])
    if (!isPublished) signal.throwIfAborted()
    return result
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    ignoreLimits()
  }
}

/** Says in an error which operation failed on which URI; what says it already is left alone. */
export function describeError({ operation, uri }: OperationName, error: unknown): StackError {
  if (isStackError(error) && error.details.operation !== undefined) return error
  const reason = error instanceof Error ? error.message : String(error)
  const code = isStackError(error) ? error.code : 'unexpected'
  return new StackError(code, `Cannot ${operation} ${JSON.stringify(uri)}: ${reason}.`, {
    ...(isStackError(error) ? { cause: error.cause, problems: error.problems } : { cause: error }),
    ...(isStackError(error) && error.hint !== undefined ? { hint: error.hint } : {}),
    details: { attempts: 1, ...(isStackError(error) ? error.details : {}), operation, uri },
  })
}
