/** The one error class of Stack, and its form as JSON. */
import { type ErrorCode, isErrorCode } from './codes.js'
import type { Problem } from './problem.js'
import { describeSystemError, systemErrorMeaning } from './system-error.js'

const brand = Symbol.for('@stack/core/error')

/** What a {@link StackError} may say beside its code and message. */
export interface StackErrorOptions {
  /** What to do about it, best a command that can be pasted. */
  readonly hint?: string
  /** The error underneath. */
  readonly cause?: unknown
  /** Every finding of a validation. */
  readonly problems?: readonly Problem[]
  /** Data for programs (a URI, an operation, attempts); JSON values, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The JSON form of an error, as it crosses processes and as `--json` prints it. */
export interface StackErrorJson {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly problems?: readonly Problem[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly stack?: string
}

/** An error with a code of the closed set, a message for the person at the terminal and a hint of what to do. */
export class StackError extends Error {
  override readonly name = 'StackError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly problems: readonly Problem[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: StackErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.problems = options.problems ?? []
    this.details = options.details ?? {}
    Object.defineProperty(this, brand, { value: true })
  }

  toJSON(): StackErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.problems.length === 0 ? {} : { problems: this.problems }),
      ...(Object.keys(this.details).length === 0 ? {} : { details: this.details }),
    }
  }

  /** Makes an error from its JSON form; a code this version does not know becomes `unexpected`. */
  static fromJSON(json: StackErrorJson): StackError {
    const error = new StackError(isErrorCode(json.code) ? json.code : 'unexpected', json.message, json)
    if (json.stack !== undefined) error.stack = json.stack
    return error
  }
}

/**
 * Recognises a {@link StackError} of any copy of core by its brand, and its code where one is given.
 */
export function isStackError(error: unknown, code?: ErrorCode): error is StackError {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false
  return code === undefined || (error as unknown as StackError).code === code
}

/**
 * Turns anything thrown into a {@link StackError}: itself, or one with the thrown value as cause, of the code that an error of the
 * system has, else `unexpected`.
 */
export function toStackError(error: unknown): StackError {
  if (isStackError(error)) return error
  const system = systemErrorMeaning(error)
  if (system !== undefined)
    return new StackError(system.code, describeSystemError(error, system), hinted(system, error))
  const message = error instanceof Error ? error.message : String(error)
  return new StackError('unexpected', message === '' ? 'An error without a message was thrown.' : message, {
    cause: error,
  })
}

function hinted({ hint }: { readonly hint?: string }, cause: unknown): StackErrorOptions {
  return hint === undefined ? { cause } : { hint, cause }
}
