/** The connections to a server. */
import { Pool } from 'undici'
import { type Answer, exchange, type OutgoingRequest } from './exchange.js'

const connections = 64
const connectTimeoutMs = 10_000
const answerTimeoutMs = 60_000

/** Each is opened when it is needed, and kept. */
export class Connections {
  readonly #pool: Pool

  constructor(origin: string) {
    this.#pool = new Pool(origin, {
      connections,
      connect: { timeout: connectTimeoutMs },
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    })
  }

  /** Sends a request; gives its answer as soon as its headers are there. */
  request(request: OutgoingRequest): Promise<Answer> {
    return exchange(this.#pool, request)
  }

  async dispose(): Promise<void> {
    await this.#pool.destroy()
  }
}
