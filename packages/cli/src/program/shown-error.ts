/** What was thrown, as the program reports it: by a code, also where somebody wrapped an error of the system without giving it one. */
import { StackError, toStackError } from '@stack/core'

/** How many causes are looked through. */
const depth = 10

/** The error to report: `unexpected` only where no error of the system is its cause. */
export function toShownError(thrown: unknown): StackError {
  const error = toStackError(thrown)
  if (error.code !== 'unexpected') return error
  let cause = error.cause
  for (let count = 0; count < depth && cause instanceof Error; count += 1) {
    const known = toStackError(cause)
    if (known.code !== 'unexpected') return withCodeOf(known, error)
    cause = cause.cause
  }
  return error
}

function withCodeOf({ code, hint: found }: StackError, error: StackError): StackError {
  const { message, problems, details, cause, hint = found } = error
  const shown = new StackError(code, message, { problems, details, cause, ...(hint === undefined ? {} : { hint }) })
  if (error.stack !== undefined) shown.stack = error.stack
  return shown
}
