/** Time limits as callers give them: any number from 0 on, and those that no timer can hold are none. */
import { StackError } from '../errors/stack-error.js'

/** Node takes the milliseconds of a longer timer for 1: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimerMs = 2 ** 31 - 1

/**
 * Returns the milliseconds after which a timer is to run; undefined where it never is: without a limit, and for one of 2^31
 * milliseconds (25 days) or more, `Infinity` included.
 * @throws StackError `usage` for a negative number, `NaN`, and what is no number.
 */
export function parseTimeLimit(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0) return value <= longestTimerMs ? value : undefined
  throw new StackError('usage', `${name} is a number of milliseconds from 0 on, not ${shown(value)}`)
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value
}
