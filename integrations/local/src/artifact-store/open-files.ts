/** Waiting for a file descriptor where the process, or the machine, has none left. */
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from './to-store-error.js'

/** Milliseconds between two tries; the wait ends with the operation's abort or time limit. */
const retryMs = 10
/** Milliseconds in which some file has to be closed while others wait. */
const usualPatienceMs = 60_000

/** When a call that had waited could open its file last. */
let openedAt = 0

/**
 * Makes a call that opens a file; too many open files make it wait, and fail when for a minute none could be opened by those
 * who wait.
 */
export async function whenOpenable<T>(
  call: () => T | Promise<T>,
  signal: AbortSignal | undefined,
  patienceMs = usualPatienceMs,
): Promise<T> {
  let since: number | undefined
  for (;;) {
    try {
      const result = await call()
      if (since !== undefined) openedAt = performance.now()
      return result
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(systemCode(error))) throw error
      since ??= performance.now()
      if (performance.now() - Math.max(since, openedAt) > patienceMs) throw error
    }
    // Spread out, so that thousands that wait do not all come back at once.
    await delay(retryMs * (1 + Math.random()), undefined, signal === undefined ? {} : { signal })
  }
}
