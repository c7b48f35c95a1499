/** Waiting for a file descriptor where the process, or the machine, has none left. */
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from './to-store-error.js'

/** Milliseconds between two tries; the wait ends with the operation's abort or time limit. */
const retryMs = 10

/** Makes a call that opens a file; too many open files make it wait, not fail. */
export async function whenOpenable<T>(call: () => T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(systemCode(error))) throw error
    }
    // Spread out, so that thousands that wait do not all come back at once.
    await delay(retryMs * (1 + Math.random()), undefined, signal === undefined ? {} : { signal })
  }
}
