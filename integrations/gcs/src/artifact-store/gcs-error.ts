/** From the errors of the data plane and Google's library to those of the artifact store contract. */
import { type ErrorCode, isStackError, StackError } from '@stack/core'
import { attemptsOf, isConnectionFailure } from '@stack/object-http'
import { GcsAnswerError } from './answer-error.js'
import { CredentialsError } from './authorization.js'
import { meansDamaged } from './transient-failure.js'

/** What a mapped error can name. */
export interface GcsSubject {
  readonly bucket: string
  readonly endpoint: string
}

const answers: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  401: ['unauthenticated', 'the server does not accept the credentials'],
  403: ['permission-denied', 'access is denied'],
  404: ['not-found', 'it does not exist'],
  409: ['conflict', 'another operation on it is under way'],
  412: ['precondition-failed', 'it has changed since, or is gone'],
  413: ['unsupported', 'it is larger than the server takes'],
  416: ['range-not-satisfiable', 'the range begins beyond its end'],
  429: ['rate-limited', 'the server asks to slow down'],
  501: ['unsupported', 'the server does not offer this'],
  507: ['no-space', 'the quota is used up'],
}

const reasons: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  rateLimitExceeded: ['rate-limited', 'the server asks to slow down'],
  userRateLimitExceeded: ['rate-limited', 'the server asks to slow down'],
  quotaExceeded: ['rate-limited', 'the quota is used up for now'],
  userProjectMissing: ['invalid-config', 'the bucket lets the requester pay, and no project is named'],
  userProjectAccountProblem: ['permission-denied', 'the project that is to pay cannot'],
}

const failures: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  UND_ERR_HEADERS_TIMEOUT: ['timed-out', 'did not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timed-out', 'stopped answering'],
}

/** Maps an error; an abort is the signal's reason, and what is a StackError already stays itself. */
export function toGcsError(error: unknown, subject: GcsSubject, signal?: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (isStackError(error) || !(error instanceof Error)) return error
  const [code, reason] = explain(error, subject)
  const hint = hintOf(code, error, subject)
  return new StackError(code, reason, {
    cause: error,
    details: { attempts: attemptsOf(error) },
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Says whether the server answered that there is no such object; a missing bucket is not an absent object. */
export function meansAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && !meansNoBucket(error)
}

/** Lets an absent object be a success. */
export function ignoreAbsent(error: unknown): void {
  if (!meansAbsent(error)) throw error
}

/** The status that the server answered with; 0 where it did not. */
export function statusOf(error: unknown): number {
  return error instanceof GcsAnswerError ? error.status : 0
}

function meansNoBucket(error: unknown): boolean {
  return (
    error instanceof Error && /bucket (does not|doesn't) exist|no such bucket|bucket not found/i.test(error.message)
  )
}

function explain(error: Error, subject: GcsSubject): readonly [ErrorCode, string] {
  if (error instanceof GcsAnswerError) return explainAnswer(error, subject)
  if (error instanceof CredentialsError) return ['unauthenticated', `there is no token: ${error.message}`]
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = failures[code]
  if (known !== undefined) return [known[0], `${subject.endpoint} ${known[1]}`]
  if (isConnectionFailure(error) || /^(CERT_|DEPTH_|SELF_SIGNED|UNABLE_|ERR_TLS|ERR_SSL)/.test(code)) {
    return ['unavailable', `${subject.endpoint} cannot be reached (${code})`]
  }
  return ['unexpected', error.message]
}

function explainAnswer(error: GcsAnswerError, { bucket }: GcsSubject): readonly [ErrorCode, string] {
  const { status, reason, message } = error
  if (status === 404 && meansNoBucket(error)) return ['not-found', `there is no bucket ${JSON.stringify(bucket)}`]
  if (meansDamaged(error)) return ['checksum-mismatch', 'its bytes changed on the way']
  const known = (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? answers[status]
  if (known !== undefined) return known
  const words = [reason, message].filter((part) => part !== '').join(': ')
  return [
    status >= 500 ? 'unavailable' : 'unexpected',
    `the server answered ${status}${words === '' ? '' : ` (${words})`}`,
  ]
}

function hintOf(code: ErrorCode, error: Error, { bucket }: GcsSubject): string | undefined {
  if (code === 'unauthenticated') {
    return 'Check credentials or keyFile of the store, or sign in: gcloud auth application-default login'
  }
  if (code === 'permission-denied')
    return `Ask for the role Storage Object User on the bucket ${JSON.stringify(bucket)}.`
  if (code === 'invalid-config') return 'Set it: stack artifact-store update NAME --userProject=PROJECT'
  if (meansNoBucket(error)) return 'Make it, or correct the path of the store.'
  return undefined
}
