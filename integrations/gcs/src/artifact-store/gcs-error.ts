/** From the errors of the data plane and Google's library to those of the artifact store contract. */
import { type ErrorCode, isStackError, StackError } from '@stack/core'
import { attemptsOf, cutText, type ExplainedFailure, explainConnectionFailure } from '@stack/object-http'
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

/** Maps an error; an abort is the signal's reason, and what is a StackError already stays itself. */
export function toGcsError(error: unknown, subject: GcsSubject, signal?: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (isStackError(error) || !(error instanceof Error)) return error
  const { code, reason, hint } = explain(error, subject)
  return new StackError(code, reason, {
    cause: error,
    details: { attempts: attemptsOf(error) },
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Says whether the server answered that there is no such object; a missing bucket is not an absent object. */
export function meansAbsent(error: unknown): boolean {
  return error instanceof GcsAnswerError && error.status === 404 && !error.isPage && !meansNoBucket(error)
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
    error instanceof GcsAnswerError &&
    error.status === 404 &&
    !error.isPage &&
    /bucket (does not|doesn't) exist|no such bucket|bucket not found/i.test(error.message)
  )
}

function explain(error: Error, subject: GcsSubject): ExplainedFailure {
  const explained = explainAnswer(error, subject)
  if (explained === undefined) {
    return explainConnectionFailure(error, subject.endpoint) ?? { code: 'unexpected', reason: cutText(error.message) }
  }
  const [code, reason] = explained
  const hint = hintOf(code, error, subject)
  return { code, reason, ...(hint === undefined ? {} : { hint }) }
}

function explainAnswer(error: Error, { bucket }: GcsSubject): readonly [ErrorCode, string] | undefined {
  if (error instanceof CredentialsError) return ['unauthenticated', `there is no token: ${error.message}`]
  if (!(error instanceof GcsAnswerError)) return undefined
  const { status, reason, message } = error
  if (meansNoBucket(error)) return ['not-found', `there is no bucket ${JSON.stringify(bucket)}`]
  if (meansDamaged(error)) return ['checksum-mismatch', 'its bytes changed on the way']
  const known = (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? answers[status]
  if (known !== undefined && !(status === 404 && error.isPage)) return known
  const words = [reason, message].filter((part) => part !== '').join(': ')
  const elsewhere =
    status < 400 && error.headers.location !== undefined ? ` and sends to ${String(error.headers.location)}` : ''
  const answered = cutText(`the server answered ${status}${words === '' ? '' : ` (${words})`}${elsewhere}`)
  // What the server understood and refused for a reason that has no code here is a mistake of this program.
  return [status >= 400 && status < 500 && reason !== '' ? 'unexpected' : 'unavailable', answered]
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
