/** Text that comes out of packages, made safe to print: no control characters, no terminal escapes, no bidirectional overrides. */
import { stripVTControlCharacters } from 'node:util'

/** A value as one line of text of at most `limit` characters; what is no string is an empty text. */
export function plainText(value: unknown, limit: number): string {
  if (typeof value !== 'string') return ''
  const text = stripVTControlCharacters(value.slice(0, limit * 4))
    // Controls, invisible formatting (which reorders what is read), line and paragraph separators.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`
}
