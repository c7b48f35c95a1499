/** The lean way to the server for the calls that come often: undici and an own signer in place of the SDK's middleware. */
import { createHash, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { PartSource } from '@stack/core'
import { encodeCrc, openConnections, Retries, toWireBody } from '@stack/object-http'
import type { Dispatcher, Pool } from 'undici'
import { S3AnswerError } from './answer-error.js'
import { ListingKeys } from './listing-keys.js'
import { fitsXml, readDeleteFailures, readErrorXml, readListPage, writeDeletion } from './listing-xml.js'
import { describeObject, rangeOf, versionOf } from './object-headers.js'
import {
  emptyPayloadHash,
  encodePath,
  encodeQuery,
  RequestSigner,
  type SigningCredentials,
  unsignedPayload,
} from './request-signer.js'
import type {
  DeleteFailure,
  DescribedBody,
  ListAnswer,
  ListRequest,
  ObjectDescription,
  PartRequest,
  ReadRequest,
  S3Calls,
  WriteRequest,
  Written,
} from './s3-calls.js'
import { isTransient, pauseAsked } from './transient-failure.js'

export interface DataPlaneOptions {
  /** Of the bucket: with the bucket in its host or its path. */
  readonly endpoint: URL
  readonly region: string
  readonly service: string
  readonly credentials: (options?: { readonly forceRefresh?: boolean }) => Promise<SigningCredentials>
  /** Writes carry a CRC-32, and whole reads are checked against it. */
  readonly checksums: boolean
  /** Headers of every write, for encryption. */
  readonly writeHeaders: Readonly<Record<string, string>>
}

interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly key?: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: PartSource
  readonly signal?: AbortSignal | undefined
}

type Answer = Dispatcher.ResponseData

/** Servers refuse a signature whose time is a quarter of an hour away from theirs; much less tells of a wrong clock. */
const skewMs = 4 * 60_000
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

export class DataPlane implements S3Calls {
  readonly #options: DataPlaneOptions
  readonly #pool: Pool
  readonly #signer: RequestSigner
  readonly #basePath: string
  readonly #hashBodies: boolean
  readonly #retries = new Retries({ isTransient, pauseAsked })
  readonly #listingKeys = new ListingKeys((prefix, startAfter) => this.#echo(prefix, startAfter))
  /** What is added to this machine's clock. */
  #clockOffsetMs = 0

  constructor(options: DataPlaneOptions) {
    const { endpoint } = options
    this.#options = options
    this.#signer = new RequestSigner(options)
    this.#basePath = endpoint.pathname.replace(/\/$/, '')
    // Within TLS, and where nobody is in between, the signature need not cover the body.
    this.#hashBodies = endpoint.protocol === 'http:' && !loopback.test(endpoint.hostname)
    this.#pool = openConnections(endpoint.origin)
  }

  async head(key: string, { ifMatch, signal }: ReadRequest): Promise<ObjectDescription> {
    const answer = await this.#send({ method: 'HEAD', key, headers: { 'if-match': ifMatch }, signal })
    await answer.body.dump()
    return describeObject(answer.headers, Number(answer.headers['content-length'] ?? 0))
  }

  async get(key: string, { range, ifMatch, signal }: ReadRequest): Promise<DescribedBody> {
    const mode = this.#options.checksums && range === undefined ? 'ENABLED' : undefined
    const headers = { range, 'if-match': ifMatch, 'x-amz-checksum-mode': mode }
    const { headers: told, body } = await this.#send({ method: 'GET', key, headers, signal })
    const { total, ...held } = rangeOf(told)
    return {
      description: describeObject(told, total),
      range: held,
      chunks: body as AsyncIterable<Uint8Array>,
      close: () => void body.on('error', () => {}).destroy(),
    }
  }

  async put(key: string, body: PartSource, request: WriteRequest): Promise<Written> {
    const headers: Record<string, string | undefined> = {
      ...this.#options.writeHeaders,
      'if-none-match': request.ifNoneMatch,
      'if-match': request.ifMatch,
      'content-type': request.contentType ?? 'application/octet-stream',
    }
    for (const [name, value] of Object.entries(request.metadata ?? {})) headers[`x-amz-meta-${name}`] = value
    return this.#write({ method: 'PUT', key, body, headers, signal: request.signal })
  }

  uploadPart(key: string, body: PartSource, { uploadId, number, signal }: PartRequest): Promise<Written> {
    return this.#write({ method: 'PUT', key, body, query: { partNumber: String(number), uploadId }, signal })
  }

  async list(request: ListRequest): Promise<ListAnswer> {
    const xml = await this.#listXml(request)
    const { startAfter: _, ...page } = readListPage(xml, await this.#listingKeys.decoder(xml, request))
    return page
  }

  async delete(keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly DeleteFailure[]> {
    const alone = keys.length === 1 ? keys : keys.filter((key) => !fitsXml(key))
    const together = keys.length === 1 ? [] : keys.filter((key) => fitsXml(key))
    for (const key of alone) await this.#deleteOne(key, signal)
    if (together.length === 0) return []
    const bytes = Buffer.from(writeDeletion(together))
    // The one checksum of a deletion that every server takes.
    const headers = {
      'content-type': 'application/xml',
      'content-md5': createHash('md5').update(bytes).digest('base64'),
    }
    const body: PartSource = { kind: 'bytes', bytes }
    const answer = await this.#send({ method: 'POST', query: { delete: '' }, headers, body, signal })
    return readDeleteFailures(await answer.body.text())
  }

  async dispose(): Promise<void> {
    await this.#pool.destroy()
  }

  async #deleteOne(key: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      const answer = await this.#send({ method: 'DELETE', key, signal })
      await answer.body.dump()
    } catch (error) {
      if (!(error instanceof S3AnswerError && error.code === 'NoSuchKey')) throw error
    }
  }

  async #write(request: WireRequest & { readonly body: PartSource }): Promise<Written> {
    const { body } = request
    const checksum = this.#options.checksums && body.kind === 'bytes' ? encodeCrc(crc32(body.bytes)) : undefined
    const answer = await this.#send({ ...request, headers: { ...request.headers, 'x-amz-checksum-crc32': checksum } })
    await answer.body.dump()
    return { ...versionOf(answer.headers), ...(checksum === undefined ? {} : { crc32: checksum }) }
  }

  async #listXml({ prefix, delimiter, startAfter, continuation, maxKeys, signal }: ListRequest): Promise<string> {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      delimiter,
      'start-after': continuation === undefined ? startAfter : undefined,
      'continuation-token': continuation,
      'max-keys': maxKeys?.toString(),
    }
    return this.#retries.run(signal, async () => {
      const answer = await this.#attempt({ method: 'GET', query, signal })
      return answer.body.text()
    })
  }

  async #echo(prefix: string, startAfter: string): Promise<string | undefined> {
    return readListPage(await this.#listXml({ prefix, startAfter, maxKeys: 1 }), (text) => text).startAfter
  }

  #send(request: WireRequest): Promise<Answer> {
    return this.#retries.run(request.signal, () => this.#attempt(request))
  }

  /** One attempt, and another where the clock or the credentials were all that was wrong. */
  async #attempt(request: WireRequest): Promise<Answer> {
    try {
      return await this.#exchange(request, await this.#options.credentials())
    } catch (error) {
      if (!(error instanceof S3AnswerError)) throw error
      if (this.#correctClock(error)) return this.#exchange(request, await this.#options.credentials())
      if (error.code !== 'ExpiredToken') throw error
      return this.#exchange(request, await this.#options.credentials({ forceRefresh: true }))
    }
  }

  async #exchange(request: WireRequest, credentials: SigningCredentials): Promise<Answer> {
    const { method, key, query, body, signal } = request
    const path = `${this.#basePath}/${key === undefined ? '' : encodePath(key)}`
    const encodedQuery = query === undefined ? '' : encodeQuery(query)
    const headers: Record<string, string> = { host: this.#options.endpoint.host }
    for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value
    const unsigned = { method, path, query: encodedQuery, headers, payloadHash: this.#payloadHash(body) }
    const signed = this.#signer.sign(unsigned, credentials, Date.now() + this.#clockOffsetMs)
    if (body !== undefined) signed['content-length'] = String(body.kind === 'bytes' ? body.bytes.byteLength : body.size)
    const answer = await this.#pool.request({
      method,
      path: encodedQuery === '' ? path : `${path}?${encodedQuery}`,
      headers: signed,
      body: body === undefined ? null : toWireBody(body),
      signal: signal ?? null,
    })
    if (answer.statusCode < 300) return answer
    throw await readError(answer)
  }

  #payloadHash(body: PartSource | undefined): string {
    if (body === undefined) return emptyPayloadHash
    return this.#hashBodies && body.kind === 'bytes' ? hash('sha256', body.bytes, 'hex') : unsignedPayload
  }

  /** Takes the server's time where a refusal tells that this machine's is far from it. */
  #correctClock({ status, headers }: S3AnswerError): boolean {
    if (status !== 403) return false
    const offset = Date.parse(headers.date ?? '') - Date.now()
    if (!(Math.abs(offset - this.#clockOffsetMs) > skewMs)) return false
    this.#clockOffsetMs = offset
    return true
  }
}

async function readError(answer: Answer): Promise<S3AnswerError> {
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = Array.isArray(value) ? value[0] : value
  const { Code, Message } = readErrorXml(await answer.body.text())
  return new S3AnswerError({ status: answer.statusCode, code: Code, message: Message, headers })
}
