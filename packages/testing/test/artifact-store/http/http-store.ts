/** A store on the small object server: it tries again, resumes and verifies, each of which can be left out. */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import {
  ArtifactStore,
  type ArtifactStoreDriver,
  type CopyOptions,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type OperationOptions,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  resolveRange,
  StackError,
  type Stat,
  silentLog,
} from '@stack/core'
import { MemoryDriver } from '../memory-store.js'

/** What a store can be made without, to see that the kit notices. */
export type Weakness = 'no-retry' | 'no-nonce' | 'no-resume' | 'no-pin' | 'no-checksum' | 'exists-lies'

/** Enough for a server of which 1 in 2 requests fail. */
const attempts = 14

export class HttpDriver implements ArtifactStoreDriver {
  readonly capabilities = { ...new MemoryDriver().capabilities, multipart: false }
  readonly #base: string
  readonly #prefix: string
  readonly #weakness: Weakness | undefined

  constructor(base: string, prefix: string, weakness: Weakness | undefined) {
    this.#base = base
    this.#prefix = prefix
    this.#weakness = weakness
  }

  async head(key: string, options: OperationOptions): Promise<Stat | null> {
    try {
      return this.#stat(await this.#send('HEAD', this.#url(key), options))
    } catch (error) {
      if (error instanceof StackError && error.code === 'not-found') return null
      if (this.#weakness === 'exists-lies') return null
      throw error
    }
  }

  async get(key: string, options: GetOptions): Promise<GetResult> {
    const found = await this.head(key, options)
    if (found === null) throw new StackError('not-found', 'it does not exist')
    if (options.ifMatch !== undefined && options.ifMatch !== found.version) {
      throw new StackError('precondition-failed', 'it has changed since, or is gone')
    }
    const range = resolveRange(options.range, found.size)
    const chunks = () => this.#body(key, found, range, options)
    return {
      stat: found,
      range,
      body: () => ReadableStream.from(chunks()) as ReadableStream<Uint8Array>,
      async into(target) {
        let at = 0
        for await (const chunk of chunks()) {
          target.set(chunk, at)
          at += chunk.length
        }
        return at
      },
      async close() {},
    }
  }

  async put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    // The memory driver knows how to gather a source.
    const gathered = new MemoryDriver()
    await gathered.put('x', source, { ...(options.signal && { signal: options.signal }) })
    const bytes = gathered.objects.get('x')?.bytes ?? new Uint8Array()
    return this.#put(key, { 'x-metadata': JSON.stringify(options.metadata ?? {}) }, options, bytes)
  }

  async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    const full = [this.#prefix, prefix].filter(Boolean).join('/')
    const flat = options.delimiter === undefined ? '&flat' : ''
    const asked = this.#send('GET', `${this.#base}?list=${encodeURIComponent(full)}${flat}`, options)
    const answer = await (this.#weakness === 'exists-lies' ? asked.catch(() => ({ body: '[]' })) : asked)
    const entries = (JSON.parse(answer.body.toString()) as Stat[]).map((entry) => this.#own(entry))
    for (let start = 0; start < entries.length; start += 1000) yield { entries: entries.slice(start, start + 1000) }
  }

  async delete(keys: readonly string[], options: OperationOptions): Promise<DeleteResult> {
    for (const key of keys) await this.#send('DELETE', this.#url(key), options)
    return { failed: [] }
  }

  copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    return this.#put(to, { 'x-copy-from': encodeURIComponent(this.#full(from)) }, options)
  }

  async #put(
    key: string,
    headers: Readonly<Record<string, string>>,
    options: PutOptions,
    body?: Uint8Array,
  ): Promise<PutResult> {
    const nonce = randomUUID()
    const sent = {
      ...headers,
      'x-nonce': nonce,
      ...(options.contentType !== undefined && { 'content-type': options.contentType }),
      ...(options.ifAbsent === true && { 'if-none-match': '*' }),
      ...(options.ifMatch !== undefined && { 'if-match': options.ifMatch }),
    }
    try {
      const answer = await this.#send('PUT', this.#url(key), { ...options, headers: sent, ...(body && { body }) })
      return JSON.parse(answer.body.toString()) as PutResult
    } catch (error) {
      const own = this.#weakness === 'no-nonce' ? null : await this.#written(key, nonce, error, options)
      if (own === null) throw error
      return own
    }
  }

  /** Whether a refused write is one's own, whose answer was lost. */
  async #written(key: string, nonce: string, error: unknown, options: OperationOptions): Promise<PutResult | null> {
    if (!(error instanceof StackError) || (error.code !== 'already-exists' && error.code !== 'precondition-failed'))
      return null
    const answer = await this.#send('HEAD', this.#url(key), options).catch(() => null)
    const stat = JSON.parse(decodeURIComponent(answer?.headers.get('x-stat') ?? 'null')) as Stat | null
    return stat?.metadata?.nonce === nonce ? { size: stat.size, version: stat.version ?? '' } : null
  }

  async *#body(
    key: string,
    stat: Stat,
    range: { readonly start: number; readonly end: number },
    options: GetOptions,
  ): AsyncGenerator<Uint8Array> {
    const whole = range.start === 0 && range.end === stat.size
    let at = range.start
    let sum = 0
    for (let attempt = 1; at < range.end; attempt += 1) {
      try {
        const pinned: Record<string, string> = this.#weakness === 'no-pin' ? {} : { 'if-match': stat.version ?? '' }
        const headers = { range: `bytes=${at}-${range.end - 1}`, ...pinned }
        const response = await this.#fetch('GET', this.#url(key), { ...options, headers })
        if (!response.ok) throw failure(response.status)
        for await (const chunk of response.body ?? []) {
          at += chunk.length
          sum = crc32(chunk, sum)
          yield chunk
        }
      } catch (error) {
        options.signal?.throwIfAborted()
        if (error instanceof StackError && error.code === 'precondition-failed') throw error
        if (
          attempt === attempts ||
          this.#weakness === 'no-retry' ||
          (this.#weakness === 'no-resume' && at > range.start)
        ) {
          throw new StackError('unavailable', 'its body was cut', { cause: error, details: { attempts: attempt } })
        }
        await setTimeout(2)
      }
    }
    if (whole && this.#weakness !== 'no-checksum' && String(sum) !== stat.checksum) {
      throw new StackError('checksum-mismatch', 'its bytes are damaged')
    }
  }

  async #send(
    method: string,
    url: string,
    options: OperationOptions & { readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array },
  ): Promise<{ readonly headers: Headers; readonly body: Buffer }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#fetch(method, url, options)
        const body = Buffer.from(await response.arrayBuffer())
        if (response.ok) return { headers: response.headers, body }
        throw failure(response.status)
      } catch (error) {
        options.signal?.throwIfAborted()
        const isFinal = error instanceof StackError && error.code !== 'unavailable'
        if (isFinal) throw error
        if (attempt === attempts || this.#weakness === 'no-retry') {
          throw new StackError('unavailable', 'the server fails', { cause: error, details: { attempts: attempt } })
        }
        await setTimeout(2)
      }
    }
  }

  #fetch(
    method: string,
    url: string,
    options: OperationOptions & { readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array },
  ): Promise<Response> {
    const { headers = {}, body, signal } = options
    return fetch(url, { method, headers, ...(body && { body }), ...(signal && { signal }) } as RequestInit)
  }

  #stat({ headers }: { readonly headers: Headers }): Stat {
    return this.#own(JSON.parse(decodeURIComponent(headers.get('x-stat') ?? '{}')) as Stat)
  }

  /** A stat with its key relative to the root, and without the nonce. */
  #own(stat: Stat): Stat {
    const key = this.#prefix === '' ? stat.key : stat.key.slice(this.#prefix.length + 1)
    const { nonce: _, ...metadata } = stat.metadata ?? {}
    return { ...stat, key, metadata }
  }

  #full(key: string): string {
    return [this.#prefix, key].filter(Boolean).join('/')
  }

  #url(key: string): string {
    return `${this.#base}/${this.#full(key).split('/').map(encodeURIComponent).join('/')}`
  }
}

export class HttpStore extends ArtifactStore {
  readonly #driver: HttpDriver

  constructor(options: {
    readonly endpoint: string
    readonly bucket: string
    readonly below: string | undefined
    readonly weakness?: Weakness
  }) {
    const { endpoint, bucket, below = '', weakness } = options
    const path = below === '' ? `memory://${bucket}` : `memory://${bucket}/${below}`
    super({ id: 'http', name: 'http', config: { path }, settings: {}, projectRoot: '/', log: silentLog })
    this.#driver = new HttpDriver(`${endpoint}/${bucket}`, below, weakness)
  }

  protected override connect(): ArtifactStoreDriver {
    return this.#driver
  }
}

function failure(status: number): StackError {
  if (status === 404) return new StackError('not-found', 'it does not exist')
  if (status === 409) return new StackError('already-exists', 'it exists')
  if (status === 412) return new StackError('precondition-failed', 'it has changed since, or is gone')
  return new StackError('unavailable', `the server answered ${status}`)
}
