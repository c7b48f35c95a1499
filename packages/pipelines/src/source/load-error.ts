/** What a user's module throws while it is loaded, told with the place in the user's file. */
import { isStackError, StackError } from '@stack/core'
import { fromFileError } from '@stack/core/host'
import { isSystemError } from './compile-error.js'
import { firstPosition, mapStack } from './map-stack.js'
import { displayPath, displayPosition } from './source-position.js'

/** Turns it into `source-error`; an error of Stack's own keeps its code and gets the place. */
export function toSourceError(thrown: unknown, entry: string, projectRoot: string): StackError {
  if (isSystemError(thrown)) return fromFileError(thrown, thrown.path ?? entry)
  mapStack(thrown)
  const position = firstPosition(thrown)
  const at = position === undefined ? displayPath(entry, projectRoot) : displayPosition(position, projectRoot)
  const details = position === undefined ? {} : { location: position }
  const why = thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
  const error = isStackError(thrown)
    ? new StackError(thrown.code, `${at}: ${why}`, {
        ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
        problems: thrown.problems,
        details: { ...thrown.details, ...details },
        cause: thrown,
      })
    : new StackError('source-error', `${at} threw while it was loaded: ${why}`, {
        hint: 'Correct the file and try again.',
        details,
        cause: thrown,
      })
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
  return error
}
