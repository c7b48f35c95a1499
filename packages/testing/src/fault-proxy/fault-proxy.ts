/** A proxy on loopback that injects faults into the HTTP/1.1 traffic between a store and its server. */
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ErrorBody, sendErrorAnswer } from './error-answer.js'
import { commonFaults, type DrawnFault, type FaultName, FaultPlan } from './fault-plan.js'
import { ForwardedRequest } from './forwarded-request.js'

/** How a proxy is started. */
export interface FaultProxyOptions {
  /** The server's origin, as `http://127.0.0.1:9000`. */
  readonly target: string
  /** Of how many requests one in all gets a fault; 0.25 unless told. */
  readonly rate?: number
  /** All but `skew` unless told. */
  readonly faults?: readonly FaultName[]
  /** 1 unless told; the same seed gives the nth request the same fault. */
  readonly seed?: number
  /** Bodies of the answers that the proxy makes up, in the protocol of the server; plain text without it. */
  readonly errorBody?: ErrorBody
}

/** A running proxy. */
export interface FaultProxy extends AsyncDisposable {
  /** Its origin, to be used as the store's endpoint. */
  readonly url: string
  /** How often each fault has happened. */
  readonly counts: Readonly<Record<FaultName, number>>
  /** How many requests have come. */
  readonly requests: number
  setRate(rate: number): void
  setFaults(faults: readonly FaultName[]): void
}

/**
 * Starts a proxy. It forwards method, path, query and headers as they are (`host` too, so that signatures stay valid) and streams
 * both ways; only a `Location` that points at the server is made to point at the proxy.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = new URL(options.target)
  if (target.protocol !== 'http:' || target.pathname !== '/') {
    throw new TypeError(`The target ${options.target} is no origin of the form http://host:port.`)
  }
  const plan = new FaultPlan({
    rate: options.rate ?? 0.25,
    faults: options.faults ?? commonFaults,
    seed: options.seed ?? 1,
  })
  const counts: Record<FaultName, number> = {
    ...{ 503: 0, 429: 0, 500: 0, reset: 0, lost: 0, cut: 0, corrupt: 0, slow: 0, skew: 0 },
  }
  const agent = new Agent({ keepAlive: true })
  let requests = 0
  let url = ''
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    requests += 1
    const fault = plan.draw(request.method ?? 'GET', request.url ?? '/')
    if (fault === undefined || !answerItself(request, response, fault)) {
      new ForwardedRequest({
        ...{ request, response, target, agent, url },
        ...(fault === undefined ? {} : { fault, happened: () => count(fault.name) }),
      }).start()
    }
  })
  const count = (name: FaultName): void => {
    counts[name] += 1
  }
  const answerItself = (request: IncomingMessage, response: ServerResponse, fault: DrawnFault): boolean => {
    if (fault.name === 'reset') {
      count('reset')
      request.socket.resetAndDestroy()
      return true
    }
    return sendErrorAnswer({
      request,
      response,
      fault,
      errorBody: options.errorBody,
      happened: () => count(fault.name),
    })
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    counts,
    get requests() {
      return requests
    },
    setRate(rate) {
      plan.rate = rate
    },
    setFaults(faults) {
      plan.faults = faults
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      agent.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
