/** Sends signed requests to one bucket: undici and an own signer in place of the SDK's middleware. */
import { createHash } from 'node:crypto'
import type { PartSource } from '@stack/core'
import {
  type Answer,
  type AnswerHeaders,
  answerLimits,
  Connections,
  cutText,
  eachPiece,
  isLoopback,
  Retries,
  toWireBody,
} from '@stack/object-http'
import { S3AnswerError } from '../failures/answer-error.js'
import { isTransient, pauseAsked } from '../failures/transient-failure.js'
import {
  emptyPayloadHash,
  encodePath,
  encodeQuery,
  RequestSigner,
  type SigningCredentials,
  unsignedPayload,
} from './request-signer.js'
import { trailedLength, trailedPayload, trailerHeaders, withTrailer } from './trailing-checksum.js'
import { checkDocument, checkEmpty, type DocumentName } from './xml/document.js'
import { readErrorXml } from './xml/flat-xml.js'

export interface RequestSenderOptions {
  /** Of the bucket: with the bucket in its host or its path. */
  readonly endpoint: URL
  readonly region: string
  readonly service: string
  readonly credentials: (options?: { readonly forceRefresh?: boolean }) => Promise<SigningCredentials>
}

export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly key?: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: PartSource
  /** Has the CRC-32 of a body that is a file follow it, and is told it, base64, before the answer comes. */
  readonly trailing?: (crc32: string) => void
  readonly signal?: AbortSignal | undefined
}

/** The document that an answer should be. */
interface ExpectedDocument {
  readonly name: DocumentName
  /** Bytes that it may have; those of what describes one object unless told. */
  readonly limit?: number
}

/** How a body travels. */
interface WireBody {
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null
  /** Bytes. */
  readonly length?: number
  readonly payloadHash: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Servers refuse a signature whose time is a quarter of an hour away from theirs; much less tells of a wrong clock. */
const skewMs = 4 * 60_000
/** Says that the credentials were good once. */
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'])

/** Answers of servers that do not take a checksum after the body, whatever they make of it. */
const refusingStatuses = new Set([400, 403, 411, 501])
const refusingCodes = new Set(['BadDigest', 'XAmzContentSHA256Mismatch'])

function refusesTrailer(error: S3AnswerError): boolean {
  return refusingCodes.has(error.code) || (refusingStatuses.has(error.status) && !isTransient(error))
}

/** A checksum after the body was refused, or the request for another reason: the same without it tells. */
export class TrailerRefused extends Error {
  constructor(cause: S3AnswerError) {
    super('The checksum after the body was refused.', { cause })
  }
}

export class RequestSender {
  readonly #options: RequestSenderOptions
  readonly #connections: Connections
  readonly #signer: RequestSigner
  readonly #basePath: string
  /** Signatures cover bodies too; then nothing can follow one. */
  readonly signsBodies: boolean
  readonly #retries = new Retries({ isTransient, pauseAsked })
  /** What is added to this machine's clock. */
  #clockOffsetMs = 0

  constructor(options: RequestSenderOptions) {
    const { endpoint } = options
    this.#options = options
    this.#signer = new RequestSigner(options)
    this.#basePath = endpoint.pathname.replace(/\/$/, '')
    // Within TLS, and where nobody is in between, the signature need not cover the body.
    this.signsBodies = endpoint.protocol === 'http:' && !isLoopback(endpoint.hostname)
    this.#connections = new Connections(endpoint.origin)
  }

  /** Gives an answer whose body is on its way. */
  send(request: WireRequest): Promise<Answer> {
    return this.#retries.run(request.signal, () => this.#attempt(request))
  }

  /** Gives the headers of an answer whose body says nothing; `check` may refuse them, and so have it sent again. */
  sendForHeaders(request: WireRequest, check?: (headers: AnswerHeaders) => void): Promise<AnswerHeaders> {
    return this.#retries.run(request.signal, async () => {
      const { headers, body } = await this.#attempt(request)
      checkEmpty(await body.text(answerLimits.error))
      check?.(headers)
      return headers
    })
  }

  /** Gives the XML of an answer; an error that comes after a status of success, as it may where the work takes long, is thrown. */
  sendForXml(request: WireRequest & ExpectedDocument, onAttempt?: () => void): Promise<string> {
    const { name, limit = answerLimits.description } = request
    return this.#retries.run(request.signal, async () => {
      onAttempt?.()
      const { headers, body } = await this.#attempt(request)
      const xml = await body.text(limit)
      checkDocument(xml, name)
      const { Code, Message } = readErrorXml(xml)
      if (Code === undefined) return xml
      throw new S3AnswerError({ status: 200, code: Code, message: Message, headers: firstOfEach(headers) })
    })
  }

  /** A request that whoever has it may send for so many seconds, with the headers given. */
  async presign(request: WireRequest & { readonly expiresIn: number }): Promise<{ url: string; expiresAt: Date }> {
    const now = Date.now()
    const { origin, host } = this.#options.endpoint
    const { method, headers, expiresIn } = request
    const path = this.#path(request)
    const query = this.#signer.presign(
      { method, path, headers: { host, ...defined(headers) }, expiresIn },
      await this.#options.credentials(),
      now + this.#clockOffsetMs,
    )
    return { url: `${origin}${path}?${query}`, expiresAt: new Date(now + expiresIn * 1000) }
  }

  dispose(): Promise<void> {
    return this.#connections.dispose()
  }

  /** One attempt, and others where the clock or the credentials were all that was wrong. */
  async #attempt(request: WireRequest): Promise<Answer> {
    let credentials = await this.#options.credentials()
    for (let corrections = 0; ; corrections += 1) {
      const offsetMs = this.#clockOffsetMs
      try {
        return await this.#exchange(request, credentials, offsetMs)
      } catch (error) {
        if (!(error instanceof S3AnswerError)) throw error
        if (expired.has(error.code) && corrections < 2) {
          credentials = await this.#options.credentials({ forceRefresh: true })
        } else if (corrections === 2 || !this.#correctClock(error, offsetMs)) {
          throw request.trailing !== undefined && refusesTrailer(error) ? new TrailerRefused(error) : error
        }
      }
    }
  }

  async #exchange(request: WireRequest, credentials: SigningCredentials, offsetMs: number): Promise<Answer> {
    const { method, query, signal } = request
    const { body, length, payloadHash, headers: bodyHeaders } = await this.#wireBody(request)
    const path = this.#path(request)
    const encodedQuery = query === undefined ? '' : encodeQuery(query)
    const headers: Record<string, string> = { host: this.#options.endpoint.host, ...bodyHeaders }
    for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value
    const unsigned = { method, path, query: encodedQuery, headers, payloadHash }
    const signed = this.#signer.sign(unsigned, credentials, Date.now() + offsetMs)
    if (length !== undefined) signed['content-length'] = String(length)
    const answer = await this.#connections.request({
      method,
      path: encodedQuery === '' ? path : `${path}?${encodedQuery}`,
      headers: signed,
      body,
      signal,
    })
    if (answer.statusCode < 300) return answer
    throw await readError(answer)
  }

  #path({ key }: WireRequest): string {
    return `${this.#basePath}/${key === undefined ? '' : encodePath(key)}`
  }

  async #wireBody({ body, trailing }: WireRequest): Promise<WireBody> {
    if (body === undefined) return { body: null, payloadHash: emptyPayloadHash }
    if (body.kind === 'file' && trailing !== undefined) {
      return {
        ...{ body: withTrailer(toWireBody(body), body.size, trailing), length: trailedLength(body.size) },
        ...{ payloadHash: trailedPayload, headers: trailerHeaders(body.size) },
      }
    }
    const length = body.kind === 'bytes' ? body.bytes.byteLength : body.size
    return { body: toWireBody(body), length, payloadHash: await this.#payloadHash(body) }
  }

  async #payloadHash(body: PartSource): Promise<string> {
    if (!this.signsBodies) return unsignedPayload
    const sum = createHash('sha256')
    await eachPiece(body, (piece) => void sum.update(piece))
    return sum.digest('hex')
  }

  /** Takes the server's time where a refusal tells that the request was signed far from it. */
  #correctClock({ status, headers }: S3AnswerError, signedWithMs: number): boolean {
    if (status !== 403) return false
    const offsetMs = Date.parse(headers.date ?? '') - Date.now()
    if (!(Math.abs(offsetMs - signedWithMs) > skewMs)) return false
    this.#clockOffsetMs = offsetMs
    return true
  }
}

async function readError(answer: Answer): Promise<S3AnswerError> {
  const text = await answer.body.text(answerLimits.error)
  const { Code, Message, Region } = readErrorXml(text)
  // A server that speaks another protocol, and what stands in its place, says so in words of its own.
  const words = Code === undefined ? cutText(text) : undefined
  return new S3AnswerError({
    ...{ status: answer.statusCode, code: Code, message: Message ?? words },
    // Some name the right region in the body alone.
    headers: { ...(Region === undefined ? {} : { 'x-amz-bucket-region': Region }), ...firstOfEach(answer.headers) },
  })
}

function firstOfEach(headers: AnswerHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}

function defined(headers: WireRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
