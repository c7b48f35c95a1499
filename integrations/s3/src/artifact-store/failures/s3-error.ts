/** From the errors of the data plane and the SDK to those of the artifact store contract. */
import { type ErrorCode, isStackError, StackError } from '@stack/core'
import { attemptsOf, cutText, type ExplainedFailure, explainConnectionFailure, hintWord } from '@stack/object-http'
import { S3AnswerError } from './answer-error.js'

/** What is told of a failure, whichever way it came. */
interface Failure {
  /** The protocol's code, or the system's; empty where there is none. */
  readonly code: string
  /** 0 where no server answered. */
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Of the SDK. */
  readonly attempts?: number | undefined
}

/** What a mapped error can name. */
export interface S3Subject {
  readonly bucket: string
  readonly region: string
  readonly endpoint: string
}

type Reason = string | ((subject: S3Subject, failure: Failure) => string)

const reasons: Readonly<Record<string, readonly [ErrorCode, Reason]>> = {
  NoSuchKey: ['not-found', 'it does not exist'],
  NotFound: ['not-found', 'it does not exist'],
  NoSuchBucket: ['not-found', ({ bucket }) => `there is no bucket ${JSON.stringify(bucket)}`],
  NoSuchUpload: ['conflict', 'its upload is gone: it was completed or aborted by another'],
  PreconditionFailed: ['precondition-failed', 'it has changed since, or is gone'],
  ConditionalRequestConflict: ['conflict', 'another write of it is under way'],
  OperationAborted: ['conflict', 'another operation on it is under way'],
  ObjectParentIsFile: ['not-a-directory', 'a part of its path is a file'],
  ExistingObjectIsDirectory: ['is-a-directory', 'it is a directory'],
  InvalidRange: ['range-not-satisfiable', 'the range begins beyond its end'],
  AccessDenied: ['permission-denied', 'access is denied'],
  AllAccessDisabled: ['permission-denied', 'access to the bucket is disabled'],
  InvalidAccessKeyId: ['unauthenticated', 'the server knows no such access key'],
  // The Versity gateway's, with the status 404.
  XAdminUserNotFound: ['unauthenticated', 'the server knows no such access key'],
  SignatureDoesNotMatch: ['unauthenticated', 'the secret access key does not fit the access key'],
  ExpiredToken: ['unauthenticated', 'the session token has expired'],
  InvalidToken: ['unauthenticated', 'the session token is not valid'],
  CredentialsProviderError: ['unauthenticated', 'no credentials were found'],
  TokenProviderError: ['unauthenticated', 'the sign-in has expired'],
  RequestTimeTooSkewed: ['unauthenticated', 'the clock of this machine differs too much from that of the server'],
  KeyTooLongError: ['invalid-path', 'its key is longer than S3 takes'],
  XMinioInvalidObjectName: ['invalid-path', 'the server takes no such name'],
  XMinioInvalidResourceName: ['invalid-path', 'the server takes no such name'],
  XAmzContentSHA256Mismatch: ['checksum-mismatch', 'its bytes changed on the way'],
  BadDigest: ['checksum-mismatch', 'its bytes changed on the way'],
  SlowDown: ['rate-limited', 'the server asks to slow down'],
  TooManyRequests: ['rate-limited', 'the server asks to slow down'],
  EntityTooLarge: ['unsupported', 'it is larger than the server takes at once'],
  NotImplemented: ['unsupported', 'the server does not offer this'],
  InvalidObjectState: ['unavailable', 'it is archived, and has to be restored first'],
  QuotaExceeded: ['no-space', 'the quota is used up'],
  XMinioStorageFull: ['no-space', 'the disk of the server is full'],
  PermanentRedirect: ['invalid-config', wrongRegion],
  AuthorizationHeaderMalformed: ['invalid-config', wrongRegion],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['conflict', 'its source changed its length while it was sent'],
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
  507: 'no-space',
}

const reasonsByStatus: Readonly<Record<number, string>> = { 403: 'access is denied', 404: 'it does not exist' }

const hints: Partial<Readonly<Record<ErrorCode, (subject: S3Subject, failure: Failure) => string | undefined>>> = {
  unauthenticated: () => 'Check key, secret and token of the store, or the credentials of the AWS profile.',
  'permission-denied': ({ bucket }) => `Ask for the permission on the bucket ${JSON.stringify(bucket)}.`,
  'invalid-config': (_, { headers }) => {
    const region = hintWord(headers['x-amz-bucket-region'])
    return region === undefined
      ? 'Check region and endpoint of the store.'
      : `Set it: stack artifact-store update NAME --region=${region}`
  },
}

/** Maps an error; an abort is the signal's reason, and what is a StackError already stays itself. */
export function toS3Error(error: unknown, subject: S3Subject, signal?: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (isStackError(error) || !(error instanceof Error)) return error
  const failure = readFailure(error)
  const { code, reason, hint } = explain(failure, error, subject)
  const attempts = failure.attempts ?? attemptsOf(error)
  return new StackError(code, reason, { cause: error, details: { attempts }, ...(hint === undefined ? {} : { hint }) })
}

/** Says whether a server answered that there is no such object; a missing bucket is not an absent object. */
export function meansAbsent(error: unknown): boolean {
  const failure = readFailure(error)
  return ['NoSuchKey', 'NotFound'].includes(failure.code) || (failure.status === 404 && isBare(failure))
}

/** Says whether a server answered that it knows no such multipart upload. */
export function meansUploadGone(error: unknown): boolean {
  return readFailure(error).code === 'NoSuchUpload'
}

/** The status that a server answered with; 0 where none did. */
export function statusOf(error: unknown): number {
  return readFailure(error).status
}

function explain(failure: Failure, error: Error, subject: S3Subject): ExplainedFailure {
  const { code, status, message } = failure
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined
  if (known !== undefined) {
    const [stackCode, reason] = known
    return hinted(stackCode, typeof reason === 'string' ? reason : reason(subject, failure), { failure, subject })
  }
  const words = cutText([code, message].filter((part) => part !== '').join(': '))
  if (status === 0) return explainConnectionFailure(error, subject.endpoint) ?? { code: 'unexpected', reason: words }
  const answered = `the server answered ${status}${words === '' ? '' : ` (${words})`}`
  if (status >= 300 && status < 400) return explainRedirect(answered, { failure, subject })
  // What a server of another kind has not got is not absent from the bucket.
  if (status === 404 && !isBare(failure))
    return { code: 'unavailable', reason: answered, hint: 'Check the endpoint of the store.' }
  const told = Object.hasOwn(reasonsByStatus, status) ? reasonsByStatus[status] : undefined
  const stackCode = codesByStatus[status] ?? (isRefusal(failure) ? 'unexpected' : 'unavailable')
  return hinted(stackCode, told ?? answered, { failure, subject })
}

interface Explained {
  readonly failure: Failure
  readonly subject: S3Subject
}

function hinted(code: ErrorCode, reason: string, { failure, subject }: Explained): ExplainedFailure {
  const hint = hints[code]?.(subject, failure)
  return { code, reason, ...(hint === undefined ? {} : { hint }) }
}

/** S3 names the region with a redirect; whatever else redirects is another server, or stands before it. */
function explainRedirect(answered: string, { failure, subject }: Explained): ExplainedFailure {
  const { headers } = failure
  const region = hintWord(headers['x-amz-bucket-region'])
  if (region !== undefined && region !== subject.region) {
    return hinted('invalid-config', wrongRegion(subject, failure), { failure, subject })
  }
  const target = headers.location === undefined ? '' : ` and sends to ${cutText(headers.location)}`
  return { code: 'unavailable', reason: answered + target, hint: 'Check region and endpoint of the store.' }
}

/** Whether nothing is told but a status, as where HEAD is refused. */
function isBare({ code, message }: Failure): boolean {
  return code === '' && message === ''
}

/** Whether the server refused a request that it understood, for a reason that has no code here. */
function isRefusal({ status, code }: Failure): boolean {
  return status >= 400 && status < 500 && code !== ''
}

function wrongRegion({ bucket, region }: S3Subject, { headers }: Failure): string {
  const actual = hintWord(headers['x-amz-bucket-region'])
  const place = actual === undefined ? 'another region or at another endpoint' : `the region ${actual}`
  return `the bucket ${JSON.stringify(bucket)} is in ${place}, not ${region}`
}

/** Reads an error of the data plane, the SDK, undici or Node. */
function readFailure(error: unknown): Failure {
  if (error instanceof S3AnswerError) return error
  if (!(error instanceof Error)) return { code: '', status: 0, message: String(error), headers: {} }
  const { $metadata, code, Code, cause, name } = error as SdkError
  if (code === undefined && $metadata === undefined && cause instanceof Error && 'code' in cause) {
    return readFailure(cause)
  }
  return {
    // The SDK names an error it has no word for `Unknown` or by its status.
    code: $metadata === undefined ? (code ?? name) : (Code ?? (name.startsWith('Unknown') ? '' : name)),
    status: $metadata?.httpStatusCode ?? 0,
    message: error.message,
    headers: regionOf(error as SdkError),
    attempts: $metadata?.attempts,
  }
}

/** Where a refusal says in its body alone which region is right, that counts as if its headers did. */
function regionOf({ Region, $response }: SdkError): Failure['headers'] {
  return { ...(Region === undefined ? {} : { 'x-amz-bucket-region': Region }), ...$response?.headers }
}

interface SdkError extends Error {
  readonly code?: string
  readonly Code?: string
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}
