/** The way to the server: the JSON API over undici, in place of the library's layers. */
import { StackError } from '@stack/core'
import { type Answer, answerLimits, Connections, Continuations, parseAnswer, Retries } from '@stack/object-http'
import { GcsAnswerError } from './answer-error.js'
import type { Authorization } from './authorization.js'
import { type ObjectResource, resourceFields } from './gcs-object.js'
import { multipartBody } from './multipart-body.js'
import {
  type ListAnswer,
  type RewriteAnswer,
  readListing,
  readResource,
  readRewrite,
  readSizedResource,
} from './read-resource.js'
import { isTransient, pauseAsked } from './transient-failure.js'

export interface DataPlaneOptions {
  readonly origin: string
  readonly bucket: string
  /** Without it, requests carry no credentials. */
  readonly authorization: Authorization | undefined
  readonly userProject: string | undefined
  readonly kmsKeyName: string | undefined
}

type Query = Readonly<Record<string, string | undefined>>

interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: () => Uint8Array | string | AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal | undefined
  /** A status beyond the 200s that is no failure. */
  readonly accepts?: number
  /** The most bytes of an answer in JSON; those of one object's unless told. */
  readonly limit?: number
}

/** Conditions of a write or a read: the generation that the object must have; `0` for an absent one. */
export interface Conditions {
  readonly ifGenerationMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ListRequest {
  readonly prefix: string
  readonly delimiter?: string | undefined
  /** Inclusive. */
  readonly startOffset?: string | undefined
  readonly pageToken?: string | undefined
  readonly fields: string
  /** Sizes are among the fields. */
  readonly sized: boolean
  readonly signal?: AbortSignal | undefined
}

/** Keys are those of the bucket; errors are the wire's, `toGcsError` maps them. */
export class DataPlane {
  readonly retries = new Retries({ isTransient, pauseAsked })
  readonly #options: DataPlaneOptions
  readonly #connections: Connections
  readonly #objects: string

  constructor(options: DataPlaneOptions) {
    this.#options = options
    this.#connections = new Connections(options.origin)
    this.#objects = `/storage/v1/b/${encodeURIComponent(options.bucket)}/o`
  }

  describe(key: string, signal: AbortSignal | undefined, fields = resourceFields): Promise<ObjectResource> {
    const read = fields === resourceFields ? readSizedResource : readResource
    return this.#json({ method: 'GET', path: this.#path(key), query: { fields }, signal }, read)
  }

  /** The bytes as they are stored: to say that gzip is welcome keeps the server from unpacking them. */
  open(key: string, request: Conditions & { readonly range?: string | undefined }): Promise<Answer> {
    const { range, ifGenerationMatch, signal } = request
    return this.retries.run(signal, () =>
      this.exchange({
        ...{ method: 'GET', path: this.#path(key), query: { alt: 'media', ifGenerationMatch }, signal },
        headers: { range, 'accept-encoding': 'gzip' },
      }),
    )
  }

  /** Writes an object in one request; what is said of it may hold its `crc32c`, which the server checks. */
  insert(resource: ObjectResource, bytes: Uint8Array, { ifGenerationMatch, signal }: Conditions) {
    const { body, contentType, length } = multipartBody(resource, bytes)
    const request: WireRequest = {
      ...{ method: 'POST', path: `/upload${this.#objects}`, signal, body },
      query: { uploadType: 'multipart', ...this.#written(), ifGenerationMatch, fields: 'size,generation' },
      headers: { 'content-type': contentType, 'content-length': String(length) },
    }
    return this.#json(request, readSizedResource)
  }

  /** Begins a resumable upload; gives the path that its bytes are sent to. */
  async beginUpload(resource: ObjectResource, { ifGenerationMatch, signal }: Conditions): Promise<string> {
    const { headers } = await this.retries.run(signal, async () => {
      const answer = await this.exchange({
        ...{ method: 'POST', path: `/upload${this.#objects}`, signal },
        query: { uploadType: 'resumable', ...this.#written(), ifGenerationMatch },
        headers: { 'content-type': 'application/json; charset=UTF-8' },
        body: () => JSON.stringify(resource),
      })
      await answer.body.text(answerLimits.error)
      return answer
    })
    // The origin is ours: what stands between may show the server under another name.
    const place = parseUrl(headers.location, this.#options.origin)
    if (place === undefined) throw new StackError('unavailable', 'the server began an upload and did not say where')
    return place.pathname + place.search
  }

  list({ signal, sized, ...query }: ListRequest): Promise<ListAnswer> {
    const read = (value: unknown) => readListing(value, { sized })
    return this.#json({ method: 'GET', path: this.#objects, query, signal, limit: answerLimits.listing }, read)
  }

  /** A generation deletes only that. */
  async delete(key: string, { ifGenerationMatch, signal }: Conditions): Promise<void> {
    await this.retries.run(signal, async () => {
      const query = { ifGenerationMatch }
      const answer = await this.exchange({ method: 'DELETE', path: this.#path(key), query, signal })
      await answer.body.text(answerLimits.error)
    })
  }

  /** Copies within the bucket, on the server; a resource describes the copy anew, without one it is described as the source. */
  async rewrite(
    from: string,
    to: string,
    request: Conditions & { ifSourceGenerationMatch?: string | undefined; resource?: ObjectResource | undefined },
  ): Promise<ObjectResource> {
    const { ifGenerationMatch, ifSourceGenerationMatch, resource, signal } = request
    const path = `${this.#path(from)}/rewriteTo/b/${encodeURIComponent(this.#options.bucket)}/o/${encodeURIComponent(to)}`
    const continuations = new Continuations()
    let rewriteToken: string | undefined
    let copiedBytes = 0
    for (;;) {
      const wire: WireRequest = {
        ...{ method: 'POST', path, signal },
        query: {
          ...{ ifGenerationMatch, ifSourceGenerationMatch, rewriteToken },
          destinationKmsKeyName: this.#options.kmsKeyName,
          fields: 'done,rewriteToken,totalBytesRewritten,resource(size,generation)',
        },
        ...(resource === undefined
          ? {}
          : { body: () => JSON.stringify(resource), headers: { 'content-type': 'application/json' } }),
      }
      const answer: RewriteAnswer = await this.#json(wire, readRewrite)
      if (answer.done) return answer.resource
      if (answer.rewriteToken === undefined) {
        throw new StackError('unavailable', 'the server copied a part, and does not say how it goes on')
      }
      continuations.advance(answer.copiedBytes > copiedBytes)
      ;({ rewriteToken, copiedBytes } = answer)
    }
  }

  /** Sends a request once, and once more where the token was all that was wrong. */
  async exchange(request: WireRequest): Promise<Answer> {
    const authorized = await this.#options.authorization?.headers()
    try {
      return await this.#send(request, authorized)
    } catch (error) {
      if (authorized === undefined || !(error instanceof GcsAnswerError) || error.status !== 401) throw error
      await this.#options.authorization?.renew(authorized)
      return this.#send(request, await this.#options.authorization?.headers())
    }
  }

  dispose(): Promise<void> {
    return this.#connections.dispose()
  }

  #json<Body>(request: WireRequest, read: (value: unknown) => Body): Promise<Body> {
    const { limit = answerLimits.description } = request
    return this.retries.run(request.signal, async () => {
      const { body } = await this.exchange(request)
      return read(parseAnswer(await body.text(limit)))
    })
  }

  async #send(request: WireRequest, authorized: Readonly<Record<string, string>> | undefined): Promise<Answer> {
    const { method, path, query, body, signal } = request
    const headers: Record<string, string> = { ...authorized }
    for (const [name, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers[name] = value
    const answer = await this.#connections.request({
      ...{ method, headers },
      // That of a session says already what it needs.
      path: path.includes('?') ? path : path + encodeQuery({ ...query, userProject: this.#options.userProject }),
      body: body?.() ?? null,
      signal,
    })
    const { statusCode } = answer
    if (statusCode < 300 || statusCode === request.accepts) return answer
    const text = await answer.body.text(answerLimits.error)
    // What is packed says nothing; Google packs errors too where objects are welcome packed.
    const isPacked = answer.headers['content-encoding'] !== undefined
    throw new GcsAnswerError({ status: statusCode, text: isPacked ? '' : text, headers: answer.headers })
  }

  #path(key: string): string {
    return `${this.#objects}/${encodeURIComponent(key)}`
  }

  #written(): Query {
    return { kmsKeyName: this.#options.kmsKeyName }
  }
}

function encodeQuery(query: Query): string {
  let text = ''
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text += `&${name}=${encodeURIComponent(value)}`
  }
  return text === '' ? '' : `?${text.slice(1)}`
}

function parseUrl(location: string | string[] | undefined, origin: string): URL | undefined {
  const text = String(location ?? '')
  return text !== '' && URL.canParse(text, origin) ? new URL(text, origin) : undefined
}
