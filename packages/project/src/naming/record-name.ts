/** What components and stacks may be called. */
import { StackError } from '@stack/core'

/** Letters, digits, `.`, `_` and `-`, the first a letter or a digit, at most 64: safe in a shell, a path and a URL. */
export const recordNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/**
 * Checks a name before it is recorded.
 * @throws StackError `invalid-name`
 */
export function checkRecordName(kind: string, name: string): void {
  if (recordNamePattern.test(name)) return
  throw new StackError(
    'invalid-name',
    `${JSON.stringify(shortened(name))} cannot be the name of the ${kind}: ${reason(name)}.`,
    {
      hint: 'A name has 1 to 64 letters, digits, dots, underscores and hyphens, and begins with a letter or a digit.',
    },
  )
}

function reason(name: string): string {
  if (name === '') return 'it is empty'
  if (name.length > 64) return `it has ${name.length} characters`
  if (!/^[A-Za-z0-9]/.test(name)) return 'it begins with neither a letter nor a digit'
  return 'it has a character that is not allowed'
}

/** A name as an error may show it. */
function shortened(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name
}
