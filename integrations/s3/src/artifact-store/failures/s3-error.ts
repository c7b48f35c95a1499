/** From the errors of the data plane and the SDK to those of the artifact store contract. */
import { type ErrorCode, isStackError, StackError } from '@stack/core'
import { attemptsOf } from '@stack/object-http'
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
  TimeoutError: ['timed-out', ({ endpoint }) => `${endpoint} did not answer in time`],
  EPROTO: ['unavailable', otherScheme],
  HTTPParserError: ['unavailable', otherScheme],
  ERR_SSL_WRONG_VERSION_NUMBER: ['unavailable', otherScheme],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['unavailable', otherScheme],
  UND_ERR_HEADERS_TIMEOUT: ['timed-out', ({ endpoint }) => `${endpoint} did not answer in time`],
  UND_ERR_BODY_TIMEOUT: ['timed-out', ({ endpoint }) => `${endpoint} stopped answering`],
  UND_ERR_CONNECT_TIMEOUT: ['unavailable', ({ endpoint }) => `${endpoint} cannot be reached`],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ['conflict', 'its source changed its length while it was sent'],
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  301: 'invalid-config',
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

const hints: Partial<Readonly<Record<ErrorCode, (subject: S3Subject, failure: Failure) => string | undefined>>> = {
  unauthenticated: () => 'Check key, secret and token of the store, or the credentials of the AWS profile.',
  unavailable: ({ endpoint }, { code }) => {
    if (!/^(EPROTO|ERR_SSL|HTTPParserError)/.test(code)) return undefined
    return `Check the scheme of the endpoint: is it ${endpoint.startsWith('https:') ? 'http' : 'https'}://?`
  },
  'permission-denied': ({ bucket }) => `Ask for the permission on the bucket ${JSON.stringify(bucket)}.`,
  'invalid-config': (_, { headers }) => {
    const region = headers['x-amz-bucket-region']
    return region === undefined ? undefined : `Set it: stack artifact-store update NAME --region=${region}`
  },
}

/** Words of Node, undici and the SDK for a server that cannot be reached, or that hung up. */
const unreachable =
  /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|ETIMEDOUT|UND_ERR_SOCKET|CERT_|DEPTH_|SELF_SIGNED|UNABLE_|ERR_TLS)/

/** Maps an error; an abort is the signal's reason, and what is a StackError already stays itself. */
export function toS3Error(error: unknown, subject: S3Subject, signal?: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (isStackError(error) || !(error instanceof Error)) return error
  const failure = readFailure(error)
  const [code, reason] = explain(failure, subject)
  const hint = hints[code]?.(subject, failure)
  const attempts = failure.attempts ?? attemptsOf(error)
  return new StackError(code, reason, { cause: error, details: { attempts }, ...(hint === undefined ? {} : { hint }) })
}

/** Says whether a server answered that there is no such object; a missing bucket is not an absent object. */
export function meansAbsent(error: unknown): boolean {
  const { code, status } = readFailure(error)
  return ['NoSuchKey', 'NotFound'].includes(code) || (status === 404 && code === '')
}

/** Says whether a server answered that it knows no such multipart upload. */
export function meansUploadGone(error: unknown): boolean {
  return readFailure(error).code === 'NoSuchUpload'
}

/** The status that a server answered with; 0 where none did. */
export function statusOf(error: unknown): number {
  return readFailure(error).status
}

function explain(failure: Failure, subject: S3Subject): readonly [ErrorCode, string] {
  const { code, status, message } = failure
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined
  if (known !== undefined) {
    const [stackCode, reason] = known
    return [stackCode, typeof reason === 'string' ? reason : reason(subject, failure)]
  }
  if (unreachable.test(code)) return ['unavailable', `${subject.endpoint} cannot be reached (${code})`]
  if (status === 301) return ['invalid-config', wrongRegion(subject, failure)]
  if (status === 403) return ['permission-denied', 'access is denied']
  if (status === 404) return ['not-found', 'it does not exist']
  const stackCode = codesByStatus[status] ?? (status >= 500 ? 'unavailable' : 'unexpected')
  if (status === 0) return [stackCode, message]
  const words = [code, message].filter((part) => part !== '').join(': ')
  return [stackCode, `the server answered ${status}${words === '' ? '' : ` (${words})`}`]
}

function otherScheme({ endpoint }: S3Subject): string {
  return `what listens at ${endpoint} does not speak ${endpoint.startsWith('https:') ? 'TLS' : 'plain HTTP'}`
}

function wrongRegion({ bucket, region }: S3Subject, { headers }: Failure): string {
  const actual = headers['x-amz-bucket-region']
  return `the bucket ${JSON.stringify(bucket)} is in the region ${actual ?? 'of another endpoint'}, not ${region}`
}

/** Reads an error of the data plane, the SDK, undici or Node. */
function readFailure(error: unknown): Failure {
  if (error instanceof S3AnswerError) return error
  if (!(error instanceof Error)) return { code: '', status: 0, message: String(error), headers: {} }
  const { $metadata, code: given, Code, cause, name } = error as SdkError
  const code = name === 'HTTPParserError' ? name : given
  if (code === undefined && $metadata === undefined && cause instanceof Error && 'code' in cause) {
    return readFailure(cause)
  }
  return {
    // The SDK names an error it has no word for `Unknown` or by its status.
    code: $metadata === undefined && error.name !== 'TimeoutError' ? (code ?? error.name) : (Code ?? error.name),
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
