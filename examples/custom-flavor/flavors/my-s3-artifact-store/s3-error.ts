/** Tells the SDK's errors in Stack's codes. */
import { S3ServiceException } from '@aws-sdk/client-s3'
import { type ErrorCode, isStackError, StackError } from '@stack/core'

const codesByName: Readonly<Record<string, ErrorCode>> = {
  NoSuchKey: 'not-found',
  NoSuchBucket: 'not-found',
  NotFound: 'not-found',
  PreconditionFailed: 'precondition-failed',
  ConditionalRequestConflict: 'conflict',
  InvalidRange: 'range-not-satisfiable',
  AccessDenied: 'permission-denied',
  InvalidAccessKeyId: 'unauthenticated',
  SignatureDoesNotMatch: 'unauthenticated',
  ExpiredToken: 'unauthenticated',
  CredentialsProviderError: 'unauthenticated',
  KeyTooLongError: 'invalid-path',
  SlowDown: 'rate-limited',
  TimeoutError: 'timed-out',
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'permission-denied',
  404: 'not-found',
  409: 'conflict',
  412: 'precondition-failed',
  416: 'range-not-satisfiable',
  429: 'rate-limited',
  501: 'unsupported',
}

/** Node's and the SDK's words for a server that cannot be reached or does not answer. */
const unreachable = /^(ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)/

/** Maps an error of the SDK; an abort stays itself, and what is a StackError already too. */
export function toS3Error(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (isStackError(error) || !(error instanceof Error)) return error
  return new StackError(codeOf(error), messageOf(error), { cause: error })
}

/** Says whether the server answered that there is no such object; a missing bucket is not an absent object. */
export function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NotFound' || error.name === 'NoSuchKey')
}

/** Says whether a range was refused because the object is empty. */
export function isEmptyObject(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416
}

function codeOf(error: Error): ErrorCode {
  const named = codesByName[error.name]
  if (named !== undefined) return named
  if (unreachable.test(String((error as NodeJS.ErrnoException).code ?? ''))) return 'unavailable'
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0
  return codesByStatus[status] ?? (status >= 500 ? 'unavailable' : 'unexpected')
}

function messageOf(error: Error): string {
  // A HEAD has no body, so the SDK has nothing to say but this.
  return error.message === '' || error.message === 'UnknownError' ? `the server answered ${error.name}` : error.message
}
