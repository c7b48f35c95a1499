/** The connections to a server. */
import type { Dispatcher } from 'undici'
import { ConnectionQueue } from './connection-queue.js'
import { type Answer, exchange, type OutgoingRequest } from './exchange.js'
import { maximumConnections, openDispatcher } from './open-dispatcher.js'

/** How connections are waited for. */
export interface ConnectionsOptions {
  /** Milliseconds without one coming back, after which who waits is refused: a minute unless given. */
  readonly patienceMs?: number
}

/** Each is opened when it is needed, and kept. */
export class Connections {
  readonly #dispatcher: Dispatcher
  readonly #queue: ConnectionQueue
  readonly #giveBack: () => void

  constructor(origin: string, { patienceMs }: ConnectionsOptions = {}) {
    this.#dispatcher = openDispatcher(origin)
    this.#queue = new ConnectionQueue(maximumConnections, patienceMs)
    this.#giveBack = () => this.#queue.giveBack()
  }

  /**
   * Sends a request; resolves to its answer as soon as its headers are there. Its connection comes back at the body's end.
   * @throws StackError `unavailable` where there is none for a minute
   */
  request(request: OutgoingRequest): Promise<Answer> {
    if (this.#queue.takeNow()) return exchange(this.#dispatcher, request, this.#giveBack)
    return this.#queue.take(request.signal).then(() => exchange(this.#dispatcher, request, this.#giveBack))
  }

  async dispose(): Promise<void> {
    await this.#dispatcher.destroy()
  }
}
