/** The answers that a fault proxy makes up, in the words of the JSON API. */
import type { ErrorAnswer } from '@stack/testing'
import { RequestError } from '../gcs-server/request-error.js'

const reasons = { 403: 'forbidden', 429: 'rateLimitExceeded', 500: 'backendError', 503: 'backendError' } as const

export function errorBody({ status }: ErrorAnswer) {
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { body: new RequestError(status, reasons[status], 'A fault of the proxy.').body, headers }
}
