/** The connections to a server. */
import type { Dispatcher } from 'undici'
import { type Answer, exchange, type OutgoingRequest } from './exchange.js'
import { openDispatcher } from './open-dispatcher.js'

/** Each is opened when it is needed, and kept. */
export class Connections {
  readonly #dispatcher: Dispatcher

  constructor(origin: string) {
    this.#dispatcher = openDispatcher(origin)
  }

  /** Sends a request; gives its answer as soon as its headers are there. */
  request(request: OutgoingRequest): Promise<Answer> {
    return exchange(this.#dispatcher, request)
  }

  async dispose(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}
