/** Tells the failures after which the same request may succeed. */
import { isConnectionFailure } from '@stack/object-http'
import { GcsAnswerError } from './answer-error.js'

const transientStatuses = new Set([408, 429, 500, 502, 503, 504])
const transientReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'backendError', 'internalError'])

/** Says whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof GcsAnswerError)) return isConnectionFailure(error)
  return transientStatuses.has(error.status) || transientReasons.has(error.reason)
}

/** Says whether the server received other bytes than were sent. */
export function meansDamaged(error: unknown): boolean {
  return error instanceof GcsAnswerError && error.status === 400 && /crc32c|md5|checksum|hash/i.test(error.message)
}

/** The seconds that the server asks to wait for. */
export function pauseAsked(error: unknown): number | undefined {
  return error instanceof GcsAnswerError ? Number(error.headers['retry-after']) : undefined
}
