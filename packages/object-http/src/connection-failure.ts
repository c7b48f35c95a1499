/** Tells failures of a connection, which may pass, from all others. */

const broken =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_CONNECT_TIMEOUT)$/
const unreachable = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|HTTPParserError)$|^HPE_/

/** Says whether a connection broke, or none came about. */
export function isConnectionFailure(error: unknown): boolean {
  return broken.test(systemCode(error)) || isUnreachable(error)
}

/** Says whether nothing listens there at all, or nothing that speaks HTTP. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.test(systemCode(error))
}

/** The code of the system or of undici, of an error or of what caused it, or the name of undici's that has none; else empty. */
function systemCode(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: unknown; name?: unknown }
  if (typeof code === 'string') return code
  if (name === 'HTTPParserError') return name
  return cause === undefined ? '' : systemCode(cause)
}
