/** What to do about an error. */
import type { StackError } from '@stack/core'

/** The error's own hint, or where to look next. */
export function hintOf(error: StackError): string {
  if (error.hint !== undefined) return error.hint
  return error.code === 'unexpected'
    ? 'Run the command again with --debug to see where it happened.'
    : 'Run the command with --help to see what it takes.'
}
