/** What a server states of an object, in headers, XML or JSON. */
import { StackError } from '@stack/core'
import { cutText } from './foreign-text.js'

const digits = /^\d{1,16}$/

/**
 * A count of bytes, written as digits or given as a number.
 * @throws StackError `unavailable` where it is none.
 */
export function statedSize(value: unknown): number {
  const size = typeof value === 'string' && digits.test(value) ? Number(value) : value
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw new StackError('unavailable', `the server states a size that is none: ${shown(value)}`)
}

/** A time; undefined where it is none. */
export function statedTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' && !(value instanceof Date)) return undefined
  const time = new Date(value)
  return Number.isNaN(time.getTime()) ? undefined : time
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : cutText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
}
