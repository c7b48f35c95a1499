/** What a step threw, told to the person who wrote it: which step, why, and where in their code. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isStackError, StackError, type StackErrorJson } from '@stack/core'

/** A place in a user's file. */
export interface SourceLocation {
  /** Relative to the project root where it is inside. */
  readonly file: string
  readonly line: number
  readonly column: number
}

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
  const location = thrown instanceof Error ? locateError(thrown, context.projectRoot) : undefined
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

/** The first place of a stack trace that is neither Node's nor a package's: the user's own code. */
export function locateError(error: Error, projectRoot: string): SourceLocation | undefined {
  for (const frame of error.stack?.split('\n') ?? []) {
    const match = /^\s+at (?:.*\()?(.+?):(\d+):(\d+)\)?$/.exec(frame)
    if (match === null) continue
    const [, place = '', line, column] = match
    const path = place.startsWith('file://') ? fileURLToPath(place) : place
    if (!path.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(path)) continue
    if (/[\\/]node_modules[\\/]/.test(path) || path.startsWith(ownDirectory)) continue
    const inside = relative(projectRoot, path)
    return { file: inside.startsWith('..') ? path : inside, line: Number(line), column: Number(column) }
  }
  return undefined
}

/** The directory of this package's own code, whose frames are not the user's. */
const ownDirectory = fileURLToPath(new URL('..', import.meta.url))
