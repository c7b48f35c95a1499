/** Which bytes of an object an answer holds, by its head, and whether they are those that were asked for. */
import { type ByteRange, resolveRange, StackError } from '@stack/core'
import { cutText } from './foreign-text.js'
import { statedSize } from './stated-fields.js'

/** What the head of an answer says of its body. */
export interface BodyHead {
  readonly statusCode: number
  readonly contentLength: string | undefined
  readonly contentRange: string | undefined
}

/** The bytes a body holds, end exclusive, and how many the object has. */
export interface HeldRange {
  readonly start: number
  readonly end: number
  readonly total: number
}

/**
 * Reads the head of an answer to a GET.
 * @throws StackError `unavailable` where it does not say which bytes it holds, or contradicts itself.
 */
export function readHeldRange({ statusCode, contentLength, contentRange }: BodyHead): HeldRange {
  if (statusCode !== 206) {
    const total = statedSize(contentLength)
    return { start: 0, end: total, total }
  }
  const [, first = '', last = '', size = ''] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '') ?? []
  if (size === '') throw contradiction(`a part of the object, and not which (Content-Range: ${contentRange ?? 'none'})`)
  const [start, end, total] = [statedSize(first), statedSize(last) + 1, statedSize(size)]
  if (start >= end || end > total) throw contradiction(`a range that is none (Content-Range: ${contentRange})`)
  if (contentLength !== undefined && statedSize(contentLength) !== end - start) {
    throw contradiction(`a range of ${end - start} bytes whose length is ${contentLength}`)
  }
  return { start, end, total }
}

/**
 * Makes sure that a body holds what was asked for.
 * @throws StackError `unavailable` where it holds other bytes.
 */
export function checkHeldRange(held: Omit<HeldRange, 'total'>, size: number, asked: ByteRange | undefined): void {
  const { start, end } = resolveRange(asked, size)
  if (held.start !== start || held.end !== end) {
    throw contradiction(`the bytes ${held.start} to ${held.end}, not ${start} to ${end}`)
  }
}

function contradiction(what: string): StackError {
  return new StackError('unavailable', `the server sent ${cutText(what)}`)
}
