/** Ranges of bytes: what is well-formed, and what is left of one for an object of a given size. */
import { StackError } from '../errors/stack-error.js'
import type { ByteRange } from './driver.js'

/**
 * Checks a range before the object's size is known.
 * @throws StackError `range-not-satisfiable` for negative, reversed or fractional numbers.
 */
export function checkRange(range: ByteRange): void {
  const numbers = 'suffix' in range ? [range.suffix] : [range.start, range.end ?? range.start]
  const whole = numbers.every((number) => Number.isSafeInteger(number) && number >= 0)
  if (!whole || ((numbers[1] ?? 0) < (numbers[0] ?? 0) && !('suffix' in range))) throw unsatisfiable(range)
}

/** Says whether a range holds no byte whatever the object's size. */
export function isEmptyRange(range: ByteRange): boolean {
  return 'suffix' in range ? range.suffix === 0 : range.start === range.end
}

/**
 * The bytes of an object of `size` that a range names, end exclusive and clamped.
 * @throws StackError `range-not-satisfiable` where it begins beyond the end.
 */
export function resolveRange(range: ByteRange | undefined, size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size }
  checkRange(range)
  if ('suffix' in range) return { start: Math.max(0, size - range.suffix), end: size }
  const { start, end = size } = range
  const emptyAtEnd = start === size && (range.end === start || size === 0)
  if (start >= size && !emptyAtEnd) throw unsatisfiable(range, size)
  return { start, end: Math.min(end, size) }
}

function unsatisfiable(range: ByteRange, size?: number): StackError {
  const text = 'suffix' in range ? `the last ${range.suffix}` : `${range.start} to ${range.end ?? 'the end'}`
  const object = size === undefined ? '' : ` of ${size} bytes`
  return new StackError('range-not-satisfiable', `the range (${text})${object} cannot be read`)
}
