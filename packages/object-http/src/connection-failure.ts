/** Tells failures of a connection, which may pass, from all others, and says what they mean. */
import type { ErrorCode } from '@stack/core'

const broken =
  /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_CONNECT_TIMEOUT)$/
const unreachable = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|HTTPParserError)$|^HPE_/

/** Says whether a connection broke, or none came about. */
export function isConnectionFailure(error: unknown): boolean {
  const code = systemCode(error)
  return broken.test(code) || (unreachable.test(code) && !tooManyHeaders.test(code))
}

/** Says whether nothing listens there at all, or nothing that speaks HTTP. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.test(systemCode(error))
}

/** A failure of a connection, in words. */
export interface ExplainedFailure {
  readonly code: ErrorCode
  readonly reason: string
  readonly hint?: string
}

const late = /^(UND_ERR_HEADERS_TIMEOUT|TimeoutError)$/
const stalled = /^UND_ERR_BODY_TIMEOUT$/
const tooManyHeaders = /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/
/** What begins with other words than HTTP's, or with those of TLS. */
const otherProtocol =
  /^(EPROTO|HTTPParserError|HPE_INVALID_CONSTANT|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/
const noHttp = /^HPE_/
const unconnected =
  /^(ECONN|ENOTFOUND|EAI_|EPIPE|EHOST|ENET|ETIMEDOUT|UND_ERR_(?!INVALID_ARG|ABORTED|REQ_)|CERT_|DEPTH_|SELF_SIGNED|UNABLE_|ERR_TLS|ERR_SSL)/

/** Explains a failure of the way to an endpoint; undefined where it is another. */
export function explainConnectionFailure(error: unknown, endpoint: string): ExplainedFailure | undefined {
  const code = systemCode(error)
  const tls = endpoint.startsWith('https:')
  if (late.test(code)) return { code: 'timed-out', reason: `${endpoint} did not answer in time` }
  if (stalled.test(code)) return { code: 'timed-out', reason: `${endpoint} stopped answering` }
  if (tooManyHeaders.test(code)) {
    return { code: 'unavailable', reason: `${endpoint} sent more headers than the 16 KiB that are read` }
  }
  if (otherProtocol.test(code)) {
    return {
      code: 'unavailable',
      reason: `what listens at ${endpoint} does not speak ${tls ? 'TLS' : 'plain HTTP'}`,
      hint: `Check the scheme of the endpoint: is it ${tls ? 'http' : 'https'}://?`,
    }
  }
  if (noHttp.test(code)) return { code: 'unavailable', reason: `what ${endpoint} sent is no HTTP (${code})` }
  if (unconnected.test(code)) return { code: 'unavailable', reason: `${endpoint} cannot be reached (${code})` }
  return undefined
}

/** The code of the system or of undici, of an error or of what caused it, or a name that stands for one; else empty. */
function systemCode(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: unknown; name?: unknown }
  if (name === 'TimeoutError') return name
  if (typeof code === 'string') return code
  if (name === 'HTTPParserError') return name
  return cause === undefined ? '' : systemCode(cause)
}
