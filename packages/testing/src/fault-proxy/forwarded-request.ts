/** One request on its way through a fault proxy: to the server, and the answer back. */
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http'
import { type Duplex, PassThrough, pipeline, type Transform } from 'node:stream'
import { cutAfter, flipByte, trickleBeginning } from './altered-body.js'
import type { DrawnFault } from './fault-plan.js'

/** What is forwarded, and what is done to it. */
export interface ForwardedRequestOptions {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: URL
  readonly agent: Agent
  /** The proxy's own origin. */
  readonly url: string
  readonly fault?: DrawnFault
  /** Called when the fault has really happened. */
  readonly happened?: () => void
}

/** Concerns one connection only, and so is not passed on. */
const connectionHeaders = new Set(['connection', 'keep-alive'])

export class ForwardedRequest {
  readonly #options: ForwardedRequestOptions
  readonly #upstream: ClientRequest

  constructor(options: ForwardedRequestOptions) {
    const { request, target, agent } = options
    this.#options = options
    this.#upstream = sendRequest({
      agent,
      host: target.hostname,
      port: target.port === '' ? 80 : Number(target.port),
      method: request.method,
      path: request.url,
      headers: requestHeaders(request),
    })
  }

  start(): void {
    const { request, response } = this.#options
    this.#upstream.on('response', (answer) => this.#answer(answer))
    this.#upstream.on('error', () => this.#break())
    response.on('close', () => {
      if (!response.writableFinished) this.#upstream.destroy()
    })
    pipeline(request, this.#alteredUpload(), this.#upstream, () => {})
  }

  #alteredUpload(): Duplex {
    const { request, fault } = this.#options
    const length = Number(request.headers['content-length'] ?? 0)
    if (fault?.name !== 'cut' || request.method === 'GET' || length < 2) return new PassThrough()
    return cutAfter(Math.floor(length / 2), this.#upstream, () => {
      this.#options.happened?.()
      this.#break()
    })
  }

  #answer(answer: IncomingMessage): void {
    const { fault, happened, response } = this.#options
    if (fault?.name === 'lost') {
      answer
        .on('error', () => {})
        .on('end', () => {
          happened?.()
          this.#break()
        })
        .resume()
      return
    }
    if (fault?.name === 'slow' && fault.detail < 0.5) {
      happened?.()
      setTimeout(() => this.#send(answer, new PassThrough()), 20 + fault.detail * 400)
      return
    }
    this.#send(answer, this.#alteredAnswer(answer) ?? new PassThrough())
    response.flushHeaders()
  }

  #alteredAnswer(answer: IncomingMessage): Transform | undefined {
    const { request, response, fault, happened = () => {} } = this.#options
    const status = answer.statusCode ?? 0
    const length = Number(answer.headers['content-length'] ?? 0)
    const success = request.method === 'GET' && status >= 200 && status < 300
    if (fault?.name === 'slow') {
      happened()
      return trickleBeginning()
    }
    if (fault?.name === 'corrupt' && success && length > 0 && answer.headers.etag !== undefined) {
      return flipByte(Math.floor(fault.detail * length), happened)
    }
    // An answer of unknown length is cut after its first byte.
    if (fault?.name === 'cut' && success && length !== 1) {
      return cutAfter(Math.max(1, Math.floor(length / 2)), response, () => {
        happened()
        this.#break()
      })
    }
    return undefined
  }

  #send(answer: IncomingMessage, body: Duplex): void {
    const { response } = this.#options
    response.sendDate = false
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, this.#answerHeaders(answer))
    pipeline(answer, body, response, (error) => {
      if (error != null) this.#break()
    })
  }

  #answerHeaders(answer: IncomingMessage): string[] {
    const { target, url } = this.#options
    return headerPairs(answer).flatMap(([name, value]) => {
      if (connectionHeaders.has(name.toLowerCase())) return []
      return [name, name.toLowerCase() === 'location' ? value.replace(target.origin, url) : value]
    })
  }

  /** Breaks both connections. */
  #break(): void {
    this.#upstream.destroy()
    this.#options.request.socket.destroy()
  }
}

function requestHeaders(request: IncomingMessage): string[] {
  const pairs = headerPairs(request).filter(([name]) => !connectionHeaders.has(name.toLowerCase()))
  const hasLength =
    request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  // Without one Node would announce a chunked body that is none.
  if (!hasLength && request.method !== 'GET' && request.method !== 'HEAD') pairs.push(['Content-Length', '0'])
  return pairs.flat()
}

function headerPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  return pairs
}
