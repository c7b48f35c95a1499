/**
 * A small server that follows the published JSON API of Google Cloud Storage, in this process, and refuses what that refuses:
 * conditions on every call, resumable uploads that break off, pages, tokens, permissions and signed URLs.
 */
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bucket, checkName, type StoredObject } from './bucket.js'
import { listObjects } from './list-objects.js'
import { parseDescription, readMultipartRelated } from './multipart-related.js'
import { readMedia } from './read-media.js'
import { json, type Reply, sendReply } from './reply.js'
import { invalid, RequestError } from './request-error.js'
import { toResource } from './resource-fields.js'
import { ResumableSessions } from './resumable-sessions.js'
import { isSelfSigned } from './self-signed-token.js'
import { checkSignature } from './signed-request.js'

/** What a request may be denied. */
type Permission = 'get' | 'list' | 'create' | 'delete'

interface GcsServerOptions {
  /** Whose signatures are accepted, of tokens and of signed URLs; with it, a request has to carry a token. */
  readonly publicKey?: KeyObject
  /** The most entries of a page; 1,000 unless told. */
  readonly pageSize?: number
  /** Bytes that one call of a rewrite copies; 1 MiB unless told. */
  readonly rewrittenAtOnce?: number
}

/** One request, taken apart. */
interface Call {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly query: ReadonlyMap<string, string>
}

export class GcsServer implements AsyncDisposable {
  readonly buckets = new Map<string, Bucket>()
  readonly sessions = new ResumableSessions()
  readonly denied = new Set<Permission>()
  /** Where there are any, a request has to carry one. */
  readonly tokens = new Set<string>()
  /** Method and path of each request that came. */
  readonly log: string[] = []
  /** Where set, what `/token` answers: gives a token, or throws a refusal. */
  issueToken: (() => string) | undefined
  endpoint = ''
  readonly #options: GcsServerOptions
  readonly #server = createServer((request, response) => void this.#receive(request, response))
  /** Of rewrites that take several calls: what is copied so far. */
  readonly #rewrites = new Map<string, number>()

  private constructor(options: GcsServerOptions) {
    this.#options = options
    this.#server.keepAliveTimeout = 60_000
  }

  static async start(options: GcsServerOptions = {}): Promise<GcsServer> {
    const server = new GcsServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    server.endpoint = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`
    return server
  }

  createBucket(name = `bucket-${this.buckets.size + 1}`): Bucket {
    const bucket = new Bucket(name)
    this.buckets.set(bucket.name, bucket)
    return bucket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.log.push(`${request.method} ${request.url}`)
    const { body, whole } = await readBody(request)
    const [path = '', search = ''] = (request.url ?? '').split('?')
    const query = new Map(new URLSearchParams(search))
    try {
      if (whole) sendReply(response, this.#answer(path, { request, body, query }))
      else if (query.has('upload_id')) this.#resume({ request, body, query }, false)
    } catch (error) {
      if (whole) sendReply(response, toReply(error))
    }
  }

  #answer(path: string, call: Call): Reply {
    if (path === '/token') return this.#token()
    if (call.query.has('X-Goog-Signature')) return this.#signed(path, call)
    // A session is its own authorization.
    if (call.query.has('upload_id')) return this.#resume(call, true)
    this.#authorize(call.request)
    const [, upload, bucketName = '', rest = ''] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(\/.*)?$/.exec(path) ?? []
    const bucket = this.#bucket(decodeURIComponent(bucketName))
    if (upload !== undefined) return this.#upload(bucket, call)
    if (rest === '') return this.#list(bucket, call)
    const [, name = '', copy] = /^\/([^/]+)(?:\/rewriteTo\/b\/(.+))?$/.exec(rest) ?? []
    if (name === '') throw new RequestError(404, 'notFound', 'Not Found')
    if (copy === undefined) return this.#object(bucket, decodeURIComponent(name), call)
    return this.#rewrite(bucket, decodeURIComponent(name), copy, call)
  }

  #authorize({ headers }: IncomingMessage): void {
    const { publicKey } = this.#options
    if (this.tokens.size === 0 && publicKey === undefined) return
    if (headers.authorization === undefined) {
      throw new RequestError(401, 'required', 'Anonymous caller does not have access to the bucket.')
    }
    const token = headers.authorization.replace('Bearer ', '')
    if (!this.tokens.has(token) && !(publicKey !== undefined && isSelfSigned(token, publicKey))) {
      throw new RequestError(401, 'authError', 'Invalid Credentials')
    }
  }

  #permit(permission: Permission): void {
    if (!this.denied.has(permission)) return
    const message = `The caller does not have storage.objects.${permission} access to the bucket.`
    throw new RequestError(403, 'forbidden', message)
  }

  #bucket(name: string): Bucket {
    const bucket = this.buckets.get(name)
    if (bucket === undefined) throw new RequestError(404, 'notFound', 'The specified bucket does not exist.')
    return bucket
  }

  #token(): Reply {
    if (this.issueToken === undefined) throw new RequestError(404, 'notFound', 'Not Found')
    const token = this.issueToken()
    const type = 'urn:ietf:params:oauth:token-type:access_token'
    return json({ access_token: token, issued_token_type: type, token_type: 'Bearer', expires_in: 3600 })
  }

  #list(bucket: Bucket, { request, query }: Call): Reply {
    if (request.method !== 'GET') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    allow(query, 'prefix', 'delimiter', 'startOffset', 'pageToken', 'maxResults', 'fields', 'userProject')
    this.#permit('list')
    return json(listObjects(bucket, query, this.#options.pageSize ?? 1000), query)
  }

  #object(bucket: Bucket, name: string, { request, query }: Call): Reply {
    const conditions = { ifGenerationMatch: query.get('ifGenerationMatch') }
    allow(query, 'alt', 'fields', 'ifGenerationMatch', 'userProject')
    if (request.method === 'DELETE') {
      this.#permit('delete')
      bucket.find(name)
      bucket.check(name, conditions)
      bucket.objects.delete(name)
      return { status: 204 }
    }
    if (request.method !== 'GET') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    this.#permit('get')
    // Who may not list is not told what is absent.
    if (!bucket.objects.has(name)) this.#permit('list')
    const object = bucket.find(name)
    bucket.check(name, conditions)
    // No ETag, unlike Google: the fault proxy takes what has one for an object's bytes.
    return query.get('alt') === 'media' ? readMedia(request, object) : json(toResource(bucket.name, object), query)
  }

  #upload(bucket: Bucket, { request, body, query }: Call): Reply {
    allow(query, 'uploadType', 'name', 'ifGenerationMatch', 'kmsKeyName', 'fields', 'userProject')
    this.#permit('create')
    const kmsKeyName = query.get('kmsKeyName')
    if (kmsKeyName !== undefined && !/^projects\/.+\/cryptoKeys\/.+$/.test(kmsKeyName)) throw invalid('No key of KMS.')
    const conditions = { ifGenerationMatch: query.get('ifGenerationMatch') }
    if (request.method !== 'POST') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    if (query.get('uploadType') === 'multipart') {
      const { description, bytes, type } = readMultipartRelated(request.headers['content-type'], body)
      const stored = bucket.write({ contentType: type, ...description }, bytes, conditions)
      return json(toResource(bucket.name, stored), query)
    }
    if (query.get('uploadType') !== 'resumable') throw invalid('Unknown uploadType.')
    const description = parseDescription(body)
    bucket.check(checkName(description.name), conditions)
    const id = this.sessions.begin(bucket, description, conditions)
    const location = `${this.endpoint}/upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&upload_id=${id}`
    return { status: 200, headers: { location } }
  }

  #resume({ request, body, query }: Call, whole: boolean): Reply {
    const id = query.get('upload_id') ?? ''
    if (request.method === 'DELETE') {
      this.sessions.cancel(id)
      return { status: 499 }
    }
    if (request.method !== 'PUT') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    const { 'content-range': contentRange, 'x-goog-hash': hash } = request.headers
    const headers = { contentRange, hash: typeof hash === 'string' ? hash : undefined }
    const { bucket, held, object } = this.sessions.receive(id, headers, body, whole)
    if (object !== undefined) return json(toResource(bucket.name, object))
    const range = held === 0 ? {} : { headers: { range: `bytes=0-${held - 1}` } }
    return { status: 308, ...range }
  }

  #rewrite(bucket: Bucket, from: string, to: string, { request, body, query }: Call): Reply {
    if (request.method !== 'POST') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    const [, targetBucket = '', targetName = ''] = /^([^/]+)\/o\/([^/]+)$/.exec(to) ?? []
    const target = this.#bucket(decodeURIComponent(targetBucket))
    const name = decodeURIComponent(targetName)
    allow(
      ...([
        query,
        'ifGenerationMatch',
        'ifSourceGenerationMatch',
        'rewriteToken',
        'destinationKmsKeyName',
        'fields',
      ] as const),
      'userProject',
    )
    this.#permit('get')
    this.#permit('create')
    const source = bucket.find(from)
    bucket.check(from, { ifGenerationMatch: query.get('ifSourceGenerationMatch') })
    const conditions = { ifGenerationMatch: query.get('ifGenerationMatch') }
    target.check(name, conditions)
    const token = query.get('rewriteToken') ?? `${source.generation}-${this.#rewrites.size}`
    const copied = (this.#rewrites.get(token) ?? 0) + (this.#options.rewrittenAtOnce ?? 1024 ** 2)
    this.#rewrites.set(token, copied)
    const size = source.bytes.byteLength
    if (copied < size) {
      const progress = { totalBytesRewritten: String(copied), objectSize: String(size) }
      return json({ done: false, rewriteToken: token, ...progress }, query)
    }
    const { bytes, generation: _, updated: __, ...described } = source
    const description = body.byteLength === 0 ? described : parseDescription(body)
    const written = target.write({ ...description, name }, bytes, conditions)
    return json({ done: true, resource: toResource(target.name, written) }, query)
  }

  /** The XML API, which signed URLs name. */
  #signed(path: string, { request, body }: Call): Reply {
    const { publicKey } = this.#options
    if (publicKey === undefined) throw new RequestError(403, 'forbidden', 'Access denied.')
    checkSignature(request, publicKey)
    const [, bucketName = '', name = ''] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? []
    const bucket = this.#bucket(bucketName)
    if (request.method === 'GET') return readMedia(request, bucket.find(name))
    if (request.method !== 'PUT') throw new RequestError(405, 'methodNotAllowed', 'Method Not Allowed')
    const { 'content-type': contentType } = request.headers
    const stored: StoredObject = bucket.write({ name, ...(contentType && { contentType }) }, body, {})
    return { status: 200, headers: { 'x-goog-generation': stored.generation } }
  }
}

/** What arrived of a body. */
async function readBody(request: IncomingMessage): Promise<{ body: Buffer; whole: boolean }> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
    return { body: Buffer.concat(chunks), whole: true }
  } catch {
    return { body: Buffer.concat(chunks), whole: false }
  }
}

/** Refuses parameters that the call does not have. */
function allow(query: ReadonlyMap<string, string>, ...names: readonly string[]): void {
  for (const name of query.keys()) if (!names.includes(name)) throw invalid(`Unknown parameter ${name}.`)
}

function toReply(error: unknown): Reply {
  const refusal = error instanceof RequestError ? error : new RequestError(500, 'internalError', String(error))
  return {
    status: refusal.status,
    headers: { 'content-type': 'application/json', ...refusal.headers },
    body: refusal.body,
  }
}
