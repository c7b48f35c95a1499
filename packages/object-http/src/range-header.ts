/** A range of bytes, as a request asks for it. */
import type { ByteRange } from '@stack/core'

/** `bytes=2-4` for `{ start: 2, end: 5 }`. */
export function toRangeHeader(range: ByteRange | undefined): string | undefined {
  if (range === undefined) return undefined
  if ('suffix' in range) return `bytes=-${range.suffix}`
  return `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`
}
