/** Signs requests by AWS Signature Version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
import { createHmac, hash } from 'node:crypto'

export interface SigningCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** A request before it is signed; path and query are encoded already, the query's parameters sorted. */
export interface UnsignedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Names in lower case, `host` among them; all are signed. */
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body in hexadecimal, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
}

/** A request to be signed in its query, its path encoded already. */
export interface PresignedParts {
  readonly method: string
  readonly path: string
  /** Names in lower case, `host` among them; all are signed, and have to be sent. */
  readonly headers: Readonly<Record<string, string>>
  /** Seconds. */
  readonly expiresIn: number
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD'
export const emptyPayloadHash = hash('sha256', '', 'hex')

const algorithm = 'AWS4-HMAC-SHA256'

/** Signs for one service in one region; the key of a day is derived once. */
export class RequestSigner {
  readonly #region: string
  readonly #service: string
  #key: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined
  #moment: { readonly second: number; readonly time: string; readonly scope: string } | undefined

  constructor(options: { readonly region: string; readonly service: string }) {
    this.#region = options.region
    this.#service = options.service
  }

  /** The headers to send: those given, and what the signature adds. */
  sign(request: UnsignedRequest, credentials: SigningCredentials, now: number): Record<string, string> {
    const { time, scope } = this.#momentOf(now)
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': request.payloadHash,
      'x-amz-date': time,
    }
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken

    const names = Object.keys(headers).sort()
    const signedHeaders = names.join(';')
    const canonical = canonicalRequest(request, { names, headers, signedHeaders })
    const signature = this.#signature(canonical, credentials, now)
    headers.authorization = `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
    return headers
  }

  /** The query that signs a request for whoever has it: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
  presign(request: PresignedParts, credentials: SigningCredentials, now: number): string {
    const { time, scope } = this.#momentOf(now)
    const { headers } = request
    const names = Object.keys(headers).sort()
    const signedHeaders = names.join(';')
    const query = encodeQuery({
      'X-Amz-Algorithm': algorithm,
      'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
      'X-Amz-Date': time,
      'X-Amz-Expires': String(request.expiresIn),
      'X-Amz-Security-Token': credentials.sessionToken,
      'X-Amz-SignedHeaders': signedHeaders,
    })
    const unsigned = { ...request, query, payloadHash: unsignedPayload }
    const canonical = canonicalRequest(unsigned, { names, headers, signedHeaders })
    return `${query}&X-Amz-Signature=${this.#signature(canonical, credentials, now)}`
  }

  #signature(canonical: string, { secretAccessKey }: SigningCredentials, now: number): string {
    const { time, scope } = this.#momentOf(now)
    const text = `${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`
    return createHmac('sha256', this.#signingKey(secretAccessKey, scope)).update(text).digest('hex')
  }

  #signingKey(secret: string, scope: string): Buffer {
    if (this.#key?.secret === secret && this.#key.scope === scope) return this.#key.key
    let key = Buffer.from(`AWS4${secret}`)
    for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest()
    this.#key = { secret, scope, key }
    return key
  }

  /** A time as `20261125T100000Z` and the scope of its day, made once a second. */
  #momentOf(now: number): { readonly time: string; readonly scope: string } {
    const second = Math.floor(now / 1000)
    if (this.#moment?.second !== second) {
      const time = `${new Date(second * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
      this.#moment = { second, time, scope: `${time.slice(0, 8)}/${this.#region}/${this.#service}/aws4_request` }
    }
    return this.#moment
  }
}

interface SignedHeaders {
  /** Sorted. */
  readonly names: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly signedHeaders: string
}

function canonicalRequest(
  { method, path, query, payloadHash }: Pick<UnsignedRequest, 'method' | 'path' | 'query' | 'payloadHash'>,
  { names, headers, signedHeaders }: SignedHeaders,
): string {
  let canonical = `${method}\n${path}\n${query}\n`
  for (const name of names) canonical += `${name}:${canonicalValue(headers[name] ?? '')}\n`
  return `${canonical}\n${signedHeaders}\n${payloadHash}`
}

/** Runs of spaces count as one. */
function canonicalValue(value: string): string {
  return value.includes(' ') ? value.trim().replaceAll(/ +/g, ' ') : value
}

const unreserved = /^[A-Za-z0-9\-._~/]*$/

/** Encodes a key as a path, as the signature wants it: everything but unreserved characters and slashes. */
export function encodePath(key: string): string {
  return unreserved.test(key) ? key : key.split('/').map(encodeValue).join('/')
}

/** Encodes parameters as a query, sorted as the signature wants them; those without a value are left out. */
export function encodeQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${encodeValue(name)}=${encodeValue(value)}`)
    .sort()
    .join('&')
}

function encodeValue(value: string): string {
  return encodeURIComponent(value).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
