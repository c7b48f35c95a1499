/** Tells failures of a connection, which may pass, from all others. */

const broken =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_CONNECT_TIMEOUT)$|^HPE_/
const unreachable = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/

/** Says whether a connection broke, or none came about. */
export function isConnectionFailure(error: unknown): boolean {
  return broken.test(systemCode(error)) || isUnreachable(error)
}

/** Says whether nothing listens there at all. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.test(systemCode(error))
}

/** The code of the system or of undici, of an error or of what caused it; empty where there is none. */
function systemCode(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined ? '' : systemCode(cause)
}
