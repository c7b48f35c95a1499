/** One request and its answer, over undici's dispatch: without the stream that its `request` makes of every body. */
import { StackError } from '@stack/core'
import type { Dispatcher } from 'undici'
import { answerTooLong } from './foreign-answer.js'
import { errors } from './undici.js'

export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | null
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
   * beside how many came before. Each piece is shown as soon as it is in its place, when looking at it costs least.
   */
  fill(target: Uint8Array, placed?: (piece: Uint8Array) => void): Promise<Filled>
  /**
   * The whole body, as UTF-8.
   * @throws StackError `unavailable` where it is longer than so many bytes; then its connection is ended.
   */
  text(limit: number): Promise<string>
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

const nothing = new Uint8Array(0)

/** Bytes that are kept for their reader while more may come: those of a small object, which come with its head. */
const mostKept = 64 * 1024
/** The same of a connection that ends with this answer. */
const mostKeptAtLast = 8 * 1024 ** 2

/** Answers of the 100s ahead of one; each begins the time that a server has for an answer anew. */
const mostAnnouncements = 100

/** Sends a request; resolves to its answer as soon as its headers are there. Calls `ended` once, when it is over. */
export function exchange(connections: Dispatcher, request: OutgoingRequest, ended: () => void): Promise<Answer> {
  const { method, path, headers, body = null, signal } = request
  return new Promise((resolve, reject) => {
    const handler = new Exchange({ resolve, reject, signal, hasBody: method !== 'HEAD', ended })
    // Unless told so, undici gives up a connection after each HEAD, for servers that send a body with it.
    const options = { method, path, headers, body: body as Dispatcher.DispatchOptions['body'], reset: false }
    if (signal?.aborted) return
    try {
      connections.dispatch(options, handler)
    } catch (error) {
      handler.refused(error)
    }
  })
}

interface Settling {
  readonly resolve: (answer: Answer) => void
  readonly reject: (failure: unknown) => void
  readonly signal: AbortSignal | undefined
  /** An answer to HEAD has none, whatever length it states. */
  readonly hasBody: boolean
  readonly ended: () => void
}

class Exchange implements Dispatcher.DispatchHandler, AnswerBody {
  readonly #settling: Settling
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #failure: unknown
  #statusCode = 0
  /** Answers that only announced another. */
  #announcements = 0
  /** What came before anybody asked for it. */
  readonly #kept: Uint8Array[] = []
  #keptBytes = 0
  /** What follows it, in the connection's memory (`reused-reads.ts`); so long the connection rests. */
  #lent: Uint8Array | undefined
  /** Bytes of the body that are still to come, as far as its head tells. */
  #left = Number.POSITIVE_INFINITY
  /**
   * The connection ends with this answer. Then it is not paused: where it ends while it is, undici throws what nobody can
   * catch (https://github.com/nodejs/undici/issues/5360, mended for later versions of Node only).
   */
  #isLast = false
  #sink: Sink | undefined
  /** Wakes who waits for a chunk or for the end. */
  #wake: (() => void) | undefined

  constructor(settling: Settling) {
    this.#settling = settling
    const { signal } = settling
    if (signal?.aborted) this.#stop(signal.reason)
    else signal?.addEventListener('abort', this)
  }

  /** The request could not even be sent. */
  refused(failure: unknown): void {
    this.#fail(failure)
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
    if (statusCode < 200) {
      this.#announced()
      return
    }
    this.#statusCode = statusCode
    if (!this.#settling.hasBody) this.#left = 0
    else if (headers['content-length'] !== undefined) this.#left = Number(headers['content-length'])
    this.#isLast = /\bclose\b/i.test(String(headers.connection))
    this.#settling.resolve({ statusCode, headers, body: this })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#left -= chunk.byteLength
    const rest = this.#sink === undefined ? chunk : this.#sink(chunk)
    if (rest === undefined) return
    this.#sink = undefined
    if (rest.byteLength > 0) this.#hold(controller, rest)
    this.#wake?.()
  }

  onResponseEnd(): void {
    this.#end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  async fill(target: Uint8Array, placed?: (piece: Uint8Array) => void): Promise<Filled> {
    let bytes = 0
    if (target.byteLength === 0) return { bytes }
    await this.#drain((chunk) => {
      const room = target.byteLength - bytes
      const piece = chunk.byteLength > room ? chunk.subarray(0, room) : chunk
      target.set(piece, bytes)
      placed?.(target.subarray(bytes, bytes + piece.byteLength))
      bytes += piece.byteLength
      return bytes < target.byteLength ? undefined : chunk.subarray(piece.byteLength)
    })
    const failure = bytes < target.byteLength ? this.#failure : undefined
    return failure === undefined ? { bytes } : { bytes, failure }
  }

  async text(limit: number): Promise<string> {
    const chunks: Uint8Array[] = []
    let bytes = 0
    const isStatedLonger = Number.isFinite(this.#left) && this.#left > limit
    if (!isStatedLonger) {
      await this.#drain((chunk) => {
        bytes += chunk.byteLength
        if (bytes > limit) return nothing
        chunks.push(Buffer.from(chunk))
        return undefined
      })
    }
    if (isStatedLonger || bytes > limit) {
      const failure = answerTooLong(this.#statusCode, limit)
      this.#stop(failure)
      throw failure
    }
    if (this.#failure !== undefined) throw this.#failure
    return Buffer.concat(chunks).toString('utf8')
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        let chunk: Uint8Array | undefined
        await this.#drain((next) => {
          chunk = Buffer.from(next)
          return nothing
        })
        if (chunk !== undefined) yield chunk
        else if (this.#failure !== undefined) throw this.#failure
        else return
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
    for (let chunk = this.#kept.shift(); chunk !== undefined; chunk = this.#kept.shift()) {
      const rest = sink(chunk)
      this.#keptBytes -= chunk.byteLength - (rest?.byteLength ?? 0)
      if (rest === undefined) continue
      if (rest.byteLength > 0) this.#kept.unshift(rest)
      return
    }
    if (this.#lent !== undefined) {
      const rest = sink(this.#lent)
      this.#lent = rest?.byteLength ? rest : undefined
      if (rest !== undefined) return
    }
    if (this.#ended) return
    this.#sink = sink
    await this.#change()
  }

  #announced(): void {
    this.#announcements += 1
    if (this.#announcements > mostAnnouncements) {
      this.#stop(new StackError('unavailable', 'the server announces its answer again and again'))
    }
  }

  /** Holds what nobody waits for. */
  #hold(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const bytes = this.#keptBytes + chunk.byteLength
    // When the body is at its end, its connection goes to the next request.
    if (bytes <= mostKept || this.#left === 0 || (this.#isLast && bytes <= mostKeptAtLast)) {
      this.#kept.push(Buffer.from(chunk))
      this.#keptBytes = bytes
    } else if (this.#isLast) {
      this.#stop(new errors.SocketError('Its connection was given up, since nobody read what came.'))
    } else {
      this.#lent = chunk
      controller.pause()
    }
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
    if (this.#ended) return
    this.#ended = true
    this.#settling.ended()
    this.#settling.signal?.removeEventListener('abort', this)
    this.#wake?.()
  }
}
