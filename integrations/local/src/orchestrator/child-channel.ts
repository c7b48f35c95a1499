/** A channel from a child process, read until the process has ended and nothing more is in it. */
import type { Readable } from 'node:stream'
import { readMessages } from './read-messages.js'

/** How long nothing may come after the process has ended, in milliseconds; longer only where another process has the channel. */
const quietMs = 200

/** Takes the messages of a channel, one after another. */
export class ChildChannel {
  readonly #stream: Readable
  readonly #ended: Promise<void>
  #chunks = 0
  #waiting = false

  constructor(stream: Readable, take: (message: unknown) => Promise<void>) {
    this.#stream = stream
    // A channel that breaks, or that is destroyed below, has nothing more to say.
    this.#ended = this.#read(take).catch(() => {})
  }

  /**
   * Resolves when everything was taken that the process sent before it ended: at the channel's end, or once it is quiet where a
   * process that outlives this one keeps it open.
   */
  async finish(): Promise<void> {
    let seen = -1
    const timer = setInterval(() => {
      // After a phase in which whatever had come was read.
      setImmediate(() => {
        if (this.#waiting && this.#chunks === seen) this.#stream.destroy()
        seen = this.#chunks
      })
    }, quietMs)
    await this.#ended
    clearInterval(timer)
  }

  async #read(take: (message: unknown) => Promise<void>): Promise<void> {
    for await (const message of readMessages(this.#counted())) await take(message)
  }

  async *#counted(): AsyncGenerator<Uint8Array> {
    this.#waiting = true
    for await (const chunk of this.#stream as AsyncIterable<Uint8Array>) {
      this.#waiting = false
      this.#chunks += 1
      yield chunk
      this.#waiting = true
    }
  }
}
