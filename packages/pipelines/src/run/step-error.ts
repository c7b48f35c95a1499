/** What a step threw, told to the person who wrote it: which step, why, and where in their code. */
import { isStackError, StackError, type StackErrorJson } from '@stack/core'
import { firstPosition, mapStack } from '../source/map-stack.js'
import { displayPath } from '../source/source-position.js'

/** What the error of a step is told with. */
export interface StepErrorContext {
  readonly invocation: string
  readonly projectRoot: string
}

/** Codes whose message says already what a step did wrong. */
const ownCodes = new Set(['invalid-output', 'invalid-input', 'step-failed'])

/** Turns what a step threw into `step-failed` (or keeps `invalid-output` and its like), with the place it was thrown at. */
export function toStepError(thrown: unknown, context: StepErrorContext): StackError {
  const { invocation } = context
  mapStack(thrown)
  const position = firstPosition(thrown)
  const location =
    position === undefined ? undefined : { ...position, file: displayPath(position.file, context.projectRoot) }
  const at = location === undefined ? '' : ` (${location.file}:${location.line}:${location.column})`
  const details = { invocation, ...(location === undefined ? {} : { location }) }
  if (isStackError(thrown) && ownCodes.has(thrown.code)) {
    if ('invocation' in thrown.details) return thrown
    return withStack(
      thrown,
      new StackError(thrown.code, thrown.message, {
        ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
        problems: thrown.problems,
        details: { ...thrown.details, ...details },
        cause: thrown,
      }),
    )
  }
  const why = thrown instanceof Error ? thrown.message || thrown.name : `it threw ${String(thrown)}`
  return withStack(
    thrown,
    new StackError('step-failed', `The step "${invocation}" failed: ${why}${at}`, {
      ...(isStackError(thrown) && thrown.hint !== undefined ? { hint: thrown.hint } : {}),
      ...(isStackError(thrown) ? { problems: thrown.problems } : {}),
      details: { ...details, ...(isStackError(thrown) ? { code: thrown.code } : {}) },
      cause: thrown,
    }),
  )
}

/** The JSON form of a step's error, with the stack of what the user's code threw. */
export function stepErrorJson(error: StackError): StackErrorJson {
  const { cause } = error
  const stack = cause instanceof Error ? cause.stack : error.stack
  return { ...error.toJSON(), ...(stack === undefined ? {} : { stack }) }
}

function withStack(thrown: unknown, error: StackError): StackError {
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
  return error
}
