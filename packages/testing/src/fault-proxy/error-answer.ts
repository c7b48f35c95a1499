/** The answers that a fault proxy makes up. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DrawnFault } from './fault-plan.js'

/** What an answer is made up for. */
export interface ErrorAnswer {
  /** 403 stands for a clock that is wrong. */
  readonly status: 403 | 429 | 500 | 503
  readonly method: string
  /** Path and query, as they came. */
  readonly path: string
}

/** Gives the body of an answer, and headers that go with it. */
export type ErrorBody = (answer: ErrorAnswer) => {
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** How far a skewed answer's clock is ahead, in milliseconds. */
const skewMs = 20 * 60_000

const statuses = { 429: 429, 500: 500, 503: 503, skew: 403 } as const

/** Answers in the server's place where the fault is such an answer, and says whether it was. */
export function sendErrorAnswer(options: {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly fault: DrawnFault
  readonly errorBody: ErrorBody | undefined
  readonly happened: () => void
}): boolean {
  const { request, response, fault } = options
  if (!(fault.name in statuses)) return false
  const status = statuses[fault.name as keyof typeof statuses]
  const { method = 'GET', url: path = '/' } = request
  const { body, headers } = options.errorBody?.({ status, method, path }) ?? { body: `injected ${fault.name}\n` }
  const clock = new Date(Date.now() + (fault.name === 'skew' ? skewMs : 0)).toUTCString()
  const answer = (): void => {
    options.happened()
    response.writeHead(status, {
      date: clock,
      'content-type': 'text/plain',
      ...headers,
      ...(fault.name === '429' ? retryAfter(fault.detail) : {}),
      'content-length': Buffer.byteLength(body),
    })
    response.end(method === 'HEAD' ? undefined : body)
  }
  // Servers answer so before they have read the body as well as afterwards.
  if (fault.detail < 0.5) answer()
  else
    request
      .on('error', () => {})
      .on('end', answer)
      .resume()
  return true
}

function retryAfter(detail: number): Readonly<Record<string, string>> {
  if (detail % 0.25 < 0.1) return {}
  return { 'retry-after': detail % 0.25 < 0.2 ? '0' : '1' }
}
