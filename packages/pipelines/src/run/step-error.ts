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

/** The most that is kept of an error, in characters of its JSON, and of one of its texts where it has more. */
const maximumLength = 128 * 1024
const maximumTextLength = 16 * 1024

/** The JSON form of a step's error, with the stack of what the user's code threw; a very long one is cut. */
export function stepErrorJson(error: StackError): StackErrorJson {
  const { cause } = error
  const stack = cause instanceof Error ? cause.stack : error.stack
  const json = { ...error.toJSON(), ...(stack === undefined ? {} : { stack }) }
  try {
    if (JSON.stringify(json).length <= maximumLength) return json
  } catch {
    // A circle or a bigint in the details, which no JSON holds.
  }
  return shorten(json)
}

function shorten({ code, message, hint, problems = [], details = {}, stack }: StackErrorJson): StackErrorJson {
  const kept = problems.slice(0, 10).map(({ path, message }) => ({ path: cut(path, 200), message: cut(message, 1000) }))
  const { invocation, location } = details
  return {
    code,
    message: cut(message),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
    ...(kept.length === 0 ? {} : { problems: kept }),
    details: { invocation, ...(location === undefined ? {} : { location }) },
    ...(stack === undefined ? {} : { stack: cut(stack) }),
  }
}

function cut(text: string, maximum: number = maximumTextLength): string {
  return text.length <= maximum ? text : `${text.slice(0, maximum)}…`
}

function withStack(thrown: unknown, error: StackError): StackError {
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
  return error
}
