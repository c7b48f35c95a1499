/** The way to the server: the JSON API over undici, in place of the library's layers. */
import { StackError } from '@stack/core'
import { type Answer, Connections, Retries } from '@stack/object-http'
import { GcsAnswerError } from './answer-error.js'
import type { Authorization } from './authorization.js'
import { type ObjectResource, resourceFields } from './gcs-object.js'
import { multipartBody } from './multipart-body.js'
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
  readonly signal?: AbortSignal | undefined
}

export interface ListAnswer {
  readonly items?: readonly ObjectResource[]
  readonly prefixes?: readonly string[]
  readonly nextPageToken?: string
}

interface RewriteAnswer {
  readonly done: boolean
  readonly rewriteToken?: string
  readonly resource?: ObjectResource
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
    return this.#json({ method: 'GET', path: this.#path(key), query: { fields }, signal })
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
    return this.#json<ObjectResource>({
      ...{ method: 'POST', path: `/upload${this.#objects}`, signal, body },
      query: { uploadType: 'multipart', ...this.#written(), ifGenerationMatch, fields: 'size,generation' },
      headers: { 'content-type': contentType, 'content-length': String(length) },
    })
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
      await answer.body.dump()
      return answer
    })
    if (headers.location === undefined) {
      throw new StackError('unavailable', 'the server began an upload and did not say where')
    }
    // The origin is ours: what stands between may show the server under another name.
    const { pathname, search } = new URL(String(headers.location), this.#options.origin)
    return pathname + search
  }

  list({ signal, ...query }: ListRequest): Promise<ListAnswer> {
    return this.#json({ method: 'GET', path: this.#objects, query, signal })
  }

  /** A generation deletes only that. */
  async delete(key: string, { ifGenerationMatch, signal }: Conditions): Promise<void> {
    await this.retries.run(signal, async () => {
      const query = { ifGenerationMatch }
      const answer = await this.exchange({ method: 'DELETE', path: this.#path(key), query, signal })
      await answer.body.dump()
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
    let rewriteToken: string | undefined
    for (;;) {
      const answer = await this.#json<RewriteAnswer>({
        ...{ method: 'POST', path, signal },
        query: {
          ...{ ifGenerationMatch, ifSourceGenerationMatch, rewriteToken },
          destinationKmsKeyName: this.#options.kmsKeyName,
          fields: 'done,rewriteToken,resource(size,generation)',
        },
        ...(resource === undefined
          ? {}
          : { body: () => JSON.stringify(resource), headers: { 'content-type': 'application/json' } }),
      })
      if (answer.done) return answer.resource ?? {}
      rewriteToken = answer.rewriteToken
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

  #json<Body>(request: WireRequest): Promise<Body> {
    return this.retries.run(request.signal, async () => (await (await this.exchange(request)).body.json()) as Body)
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
    throw new GcsAnswerError({ status: statusCode, text: await answer.body.text(), headers: answer.headers })
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
