/** Where requests to a server go: to it, or to the proxy that the environment names for it. */
import type { Dispatcher } from 'undici'
import { isLoopback } from './loopback.js'
import { reuseReads } from './reused-reads.js'
import { loadUndici, Pool } from './undici.js'

/** To one server at a time. */
export const maximumConnections = 64

const options = {
  connections: maximumConnections,
  connect: { timeout: 10_000, onread: reuseReads() },
  headersTimeout: 60_000,
  bodyTimeout: 60_000,
}

/**
 * Opens the way to an origin. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in lower case) are those of the process; without
 * a proxy for the scheme nothing of it is in the way.
 */
export function openDispatcher(origin: string): Dispatcher {
  const { protocol, hostname } = new URL(origin)
  // This machine is never reached through a proxy, as Go's programs do it.
  if (isLoopback(hostname) || !namesProxy(protocol)) return new Pool(origin, options)
  const { EnvHttpProxyAgent } = loadUndici()
  const agent = new EnvHttpProxyAgent({ ...options, proxyTunnel: false })
  return agent.compose((dispatch) => (request, handler) => dispatch({ ...request, origin }, handler))
}

/** undici goes to the proxy for HTTP where there is none for HTTPS. */
function namesProxy(protocol: string): boolean {
  const names =
    protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] : ['http_proxy', 'HTTP_PROXY']
  return names.some((name) => Boolean(process.env[name]))
}
