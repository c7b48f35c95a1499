/** Tries a request again where its failure may pass, with growing pauses and within a budget. */
import pRetry from 'p-retry'
import { S3AnswerError } from './answer-error.js'

/** Attempts of one request: with a failure in each fourth, one in four million requests fails. */
const maximumAttempts = 11
/** Attempts where nothing listens at all: a server that starts again is waited for, a wrong endpoint told soon. */
const unreachableAttempts = 4
const firstPauseMs = 40
const longestPauseMs = 4000

const transientStatuses = new Set([408, 429, 500, 502, 503, 504])
const transientCodes = new Set([
  'ConditionalRequestConflict',
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
])
const brokenConnection =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_CONNECT_TIMEOUT)$|^HPE_/
const unreachable = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/

/** Says whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof S3AnswerError) return transientStatuses.has(error.status) || transientCodes.has(error.code)
  const code = systemCode(error)
  return brokenConnection.test(code) || unreachable.test(code)
}

function systemCode(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined ? '' : systemCode(cause)
}

/**
 * What a store may spend on attempts beyond the first, so that a server in distress is not given many times its load.
 * Each attempt beyond the first takes one; each success gives a part of one back.
 */
export class RetryBudget {
  static readonly capacity = 2000
  static readonly perSuccess = 0.5
  #left = RetryBudget.capacity

  take(): boolean {
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  succeed(): void {
    if (this.#left < RetryBudget.capacity) this.#left += RetryBudget.perSuccess
  }
}

/** Runs an attempt, and others after a failure that may pass; rejects with the last failure. */
export async function retry<Result>(
  options: { readonly budget: RetryBudget; readonly signal?: AbortSignal | undefined },
  attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  const { budget, signal } = options
  let result: Result
  try {
    // By itself, since most need no more.
    result = await attempt(1)
  } catch (error) {
    if (signal?.aborted || !isTransient(error) || !budget.take()) throw error
    result = await retryAfter(error, options, attempt)
  }
  budget.succeed()
  return result
}

function retryAfter<Result>(
  first: unknown,
  { budget, signal }: { readonly budget: RetryBudget; readonly signal?: AbortSignal | undefined },
  attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  return pRetry(
    // The attempt already made counts as its first.
    (number) => (number === 1 ? Promise.reject(first) : attempt(number)),
    {
      retries: maximumAttempts - 1,
      minTimeout: firstPauseMs,
      maxTimeout: longestPauseMs,
      randomize: true,
      ...(signal === undefined ? {} : { signal }),
      shouldRetry: ({ error, attemptNumber }) =>
        isTransient(error) &&
        (attemptNumber < unreachableAttempts || !unreachable.test(systemCode(error))) &&
        (attemptNumber === 1 || budget.take()),
      onFailedAttempt: ({ error }) => pauseAsked(error, signal),
    },
  )
}

/** Waits for as long as the server asks, ten seconds at most. */
async function pauseAsked(error: unknown, signal: AbortSignal | undefined): Promise<void> {
  const seconds = error instanceof S3AnswerError ? Number(error.headers['retry-after']) : Number.NaN
  if (!(seconds > 0)) return
  const { setTimeout } = await import('node:timers/promises')
  await setTimeout(Math.min(seconds, 10) * 1000, undefined, signal === undefined ? {} : { signal })
}
