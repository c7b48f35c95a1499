/** Tells the failures after which the same request may succeed. */
import { isConnectionFailure } from '@stack/object-http'
import { S3AnswerError } from './answer-error.js'

const transientStatuses = new Set([408, 429, 500, 502, 503, 504])
const transientCodes = new Set([
  'ConditionalRequestConflict',
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  // By then the clock is corrected.
  'RequestTimeTooSkewed',
  'ServiceUnavailable',
  'SlowDown',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
])

/** Says whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof S3AnswerError) return transientStatuses.has(error.status) || transientCodes.has(error.code)
  return isConnectionFailure(error)
}

/** Says the same of one key of several that were asked for together. */
export function isTransientCode(code: string): boolean {
  return transientCodes.has(code)
}

/** The seconds that a server asks to wait for. */
export function pauseAsked(error: unknown): number | undefined {
  return error instanceof S3AnswerError ? Number(error.headers['retry-after']) : undefined
}
