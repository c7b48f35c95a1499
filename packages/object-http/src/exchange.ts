/** One request and its answer, over undici's dispatch: without the stream that its `request` makes of every body. */
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | Readable | AsyncIterable<Uint8Array> | null
  readonly signal?: AbortSignal | undefined
}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface Answer {
  readonly statusCode: number
  /** Names in lower case. */
  readonly headers: AnswerHeaders
  readonly body: AnswerBody
}

/** A body on its way, read once in one of these ways; as an iterable it fails where the connection does. */
export interface AnswerBody extends AsyncIterable<Uint8Array> {
  /**
   * Places the next bytes in the target as they come; fewer than it holds only at the end. That they are cut off is told
   * beside how many came before.
   */
  fill(target: Uint8Array): Promise<Filled>
  text(): Promise<string>
  json(): Promise<unknown>
  /** Lets the body go by. */
  dump(): Promise<void>
  /** Ends the connection of a body that is not read to its end. */
  close(): void
}

/** How far memory was filled, and what ended it before it was full. */
export interface Filled {
  readonly bytes: number
  readonly failure?: unknown
}

/** Takes a chunk, which is another's memory again afterwards, and gives what it does not want of it; undefined where it wants more. */
type Sink = (chunk: Uint8Array) => Uint8Array | undefined

/** Bytes that wait for their reader before the server is made to wait. */
const mostWaiting = 512 * 1024

/** Sends a request; gives its answer as soon as its headers are there. */
export function exchange(connections: Dispatcher, request: OutgoingRequest): Promise<Answer> {
  const { method, path, headers, body = null, signal } = request
  return new Promise((resolve, reject) => {
    const handler = new Exchange({ resolve, reject, signal })
    // Unless told so, undici gives up a connection after each HEAD, for servers that send a body with it.
    const options = { method, path, headers, body: body as Dispatcher.DispatchOptions['body'], reset: false }
    if (!signal?.aborted) connections.dispatch(options, handler)
  })
}

interface Settling {
  readonly resolve: (answer: Answer) => void
  readonly reject: (failure: unknown) => void
  readonly signal: AbortSignal | undefined
}

class Exchange implements Dispatcher.DispatchHandler, AnswerBody {
  readonly #settling: Settling
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #failure: unknown
  /** What came before anybody asked for it. */
  #chunks: Uint8Array[] = []
  #waiting = 0
  #sink: Sink | undefined
  /** Wakes who waits for a chunk or for the end. */
  #wake: (() => void) | undefined

  constructor(settling: Settling) {
    this.#settling = settling
    const { signal } = settling
    if (signal?.aborted) this.#stop(signal.reason)
    else signal?.addEventListener('abort', this)
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop(this.#settling.signal?.reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#ended) controller.abort(new Error('It was aborted before it was sent.'))
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: AnswerHeaders): void {
    if (statusCode >= 200) this.#settling.resolve({ statusCode, headers, body: this })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const rest = this.#sink === undefined ? chunk : this.#sink(chunk)
    if (rest === undefined) return
    this.#sink = undefined
    this.#keep(rest)
    if (this.#waiting > mostWaiting) controller.pause()
    this.#wake?.()
  }

  onResponseEnd(): void {
    this.#end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  async fill(target: Uint8Array): Promise<Filled> {
    let bytes = 0
    if (target.byteLength === 0) return { bytes }
    await this.#drain((chunk) => {
      const room = target.byteLength - bytes
      const piece = chunk.byteLength > room ? chunk.subarray(0, room) : chunk
      target.set(piece, bytes)
      bytes += piece.byteLength
      return bytes < target.byteLength ? undefined : chunk.subarray(piece.byteLength)
    })
    const failure = bytes < target.byteLength ? this.#failure : undefined
    return failure === undefined ? { bytes } : { bytes, failure }
  }

  async text(): Promise<string> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  async dump(): Promise<void> {
    if (!this.#ended) await this.#drain(() => undefined)
    if (this.#failure !== undefined) throw this.#failure
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#next()
        if (chunk !== undefined) {
          yield chunk
        } else if (this.#ended) {
          if (this.#failure !== undefined) throw this.#failure
          return
        } else {
          await this.#change()
        }
      }
    } finally {
      this.close()
    }
  }

  close(): void {
    if (!this.#ended) this.#stop(new Error('The body was not wanted to its end.'))
  }

  /** Gives each chunk to the sink, until it wants no more or until the end. */
  async #drain(sink: Sink): Promise<void> {
    for (let chunk = this.#next(); chunk !== undefined; chunk = this.#next()) {
      const rest = sink(chunk)
      if (rest === undefined) continue
      if (rest.byteLength > 0) this.#chunks.unshift(rest)
      this.#waiting += rest.byteLength
      return
    }
    if (this.#ended) return
    this.#sink = sink
    await this.#change()
  }

  /** Keeps a copy: the memory of what comes is used again for what comes next. */
  #keep(chunk: Uint8Array): void {
    if (chunk.byteLength > 0) this.#chunks.push(Buffer.from(chunk))
    this.#waiting += chunk.byteLength
  }

  #next(): Uint8Array | undefined {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) this.#waiting -= chunk.byteLength
    return chunk
  }

  /** Lets the server go on, and waits; what it has sent already comes at once. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#controller?.resume()
    })
  }

  #stop(reason: unknown): void {
    if (this.#ended) return
    this.#fail(reason)
    this.#controller?.abort(new Error('It was aborted.'))
  }

  #fail(failure: unknown): void {
    if (this.#ended) return
    this.#failure = failure
    this.#settling.reject(failure)
    this.#end()
  }

  #end(): void {
    this.#ended = true
    this.#settling.signal?.removeEventListener('abort', this)
    this.#wake?.()
  }
}
