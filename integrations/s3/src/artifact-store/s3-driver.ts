/** The primitives of an artifact store on a bucket; everything else comes from the base class. */
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import type { S3Client } from '@aws-sdk/client-s3'
import {
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  type Crc,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type OperationOptions,
  type Page,
  type PartSource,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
} from '@stack/core'
import { type BucketLocation, readPart, toGetResult, toPage } from '@stack/object-http'
import type { DataPlane } from './data-plane.js'
import { KeyQueue } from './key-queue.js'
import { type ConditionProbe, probeConditions } from './probe-conditions.js'
import type { DescribedBody } from './s3-calls.js'
import { meansAbsent, type S3Subject, statusOf, toS3Error } from './s3-error.js'
import { encodeMetadata, nonceName, toRangeHeader, toStat } from './s3-object.js'
import { copyOnServer } from './server-copy.js'
import { isTransient } from './transient-failure.js'

export interface S3DriverOptions {
  readonly client: S3Client
  readonly plane: DataPlane
  readonly location: BucketLocation
  readonly subject: S3Subject
  /** The server honours If-None-Match and If-Match on writes. */
  readonly conditionalWrites: boolean
  /** Further parameters of writes through the SDK. */
  readonly writeParameters: Readonly<Record<string, unknown>>
}

/** A file up to this size is sent from memory, so that its checksum can go ahead of it. */
const inMemoryBytes = 16 * 1024 ** 2
/** One request deletes at most so many. */
const deletedAtOnce = 1000

export class S3Driver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly crc: Crc = { name: 'crc32', of: crc32 }
  readonly #options: S3DriverOptions
  readonly #writers = new KeyQueue()

  constructor(options: S3DriverOptions) {
    this.#options = options
    this.capabilities = {
      conditionalCreate: options.conditionalWrites,
      conditionalUpdate: options.conditionalWrites,
      rename: 'copy-delete',
      caseSensitive: true,
      emptyDirectories: false,
      fileAndDirectory: true,
      metadata: true,
      presign: false,
      multipart: false,
    }
  }

  head(key: string, { signal }: OperationOptions): Promise<Stat | null> {
    return this.#attempt(signal, async () => {
      try {
        return toStat(key, await this.#options.plane.head(this.#objectKey(key), { signal }))
      } catch (error) {
        if (meansAbsent(error)) return null
        throw error
      }
    })
  }

  get(key: string, { range, ifMatch, signal }: GetOptions): Promise<GetResult> {
    const open = (request: { range?: string | undefined; ifMatch?: string | undefined }) =>
      this.#options.plane.get(this.#objectKey(key), { ...request, signal })
    return this.#attempt(signal, async () => {
      try {
        return this.#opened(key, await open({ range: toRangeHeader(range), ifMatch }), open, signal)
      } catch (error) {
        // Every range of an empty object is refused, also one that holds the whole of it.
        const whole = range !== undefined && ('suffix' in range || range.start === 0)
        if (!whole || statusOf(error) !== 416) throw error
        return this.#opened(key, await open({ ifMatch }), open, signal)
      }
    })
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const { ifAbsent, ifMatch, contentType, signal } = options
    return this.#attempt(signal, async () => {
      const body = await toSentBody(source)
      const size = body.kind === 'bytes' ? body.bytes.byteLength : body.size
      const conditional = ifAbsent === true || ifMatch !== undefined
      const nonce = conditional ? randomUUID() : undefined
      const metadata = { ...encodeMetadata(options.metadata), ...(nonce === undefined ? {} : { [nonceName]: nonce }) }
      const write = (conditions: { ifNoneMatch?: '*' | undefined; ifMatch?: string | undefined }) =>
        this.#options.plane.put(this.#objectKey(key), body, { ...conditions, contentType, metadata, signal })
      if (nonce === undefined) return { size, ...pickVersion(await write({})) }
      if (!this.#options.conditionalWrites) {
        return this.#lookFirst(key, options, async () => ({ size, ...pickVersion(await write({})) }))
      }
      try {
        return { size, ...pickVersion(await write({ ifNoneMatch: ifAbsent ? '*' : undefined, ifMatch })) }
      } catch (error) {
        return this.#recognise(key, { nonce, size, ifAbsent: ifAbsent === true, signal }, error)
      }
    })
  }

  async *list(prefix: string, { delimiter, startAfter, signal }: ListOptions): AsyncIterable<Page> {
    const { plane, location } = this.#options
    const objectPrefix = location.directoryPrefix(prefix)
    const after = startAfter === undefined ? undefined : location.prefix + startAfter
    let continuation: string | undefined
    do {
      const request = { prefix: objectPrefix, delimiter, startAfter: after, continuation, signal }
      const page = await this.#attempt(signal, () => plane.list(request))
      yield toPage(location, objectPrefix, page)
      continuation = page.continuation
    } while (continuation !== undefined)
  }

  async delete(keys: readonly string[], { signal }: OperationOptions): Promise<DeleteResult> {
    const { plane, location } = this.#options
    const failed: { key: string; error: unknown }[] = []
    for (let start = 0; start < keys.length; start += deletedAtOnce) {
      const some = keys.slice(start, start + deletedAtOnce).map((key) => this.#objectKey(key))
      for (const { key, code, message } of await this.#attempt(signal, () => plane.delete(some, signal))) {
        const error = new StackError(code === 'AccessDenied' ? 'permission-denied' : 'unavailable', message || code)
        failed.push({ key: location.storeKey(key), error })
      }
    }
    return { failed }
  }

  copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const { client, plane, location, conditionalWrites, writeParameters } = this.#options
    const { signal } = options
    return this.#attempt(signal, async () => {
      const fromKey = this.#objectKey(from)
      const source = await plane.head(fromKey, { signal })
      const ifAbsent = options.ifAbsent === true
      // By parts a copy of nothing cannot be made.
      if (ifAbsent && source.size === 0) {
        const { contentType, metadata } = toStat(to, source)
        const kept = { ...(contentType && { contentType }), ...(metadata && { metadata }) }
        return this.put(to, { kind: 'bytes', bytes: new Uint8Array(0) }, { ...options, ...kept })
      }
      const run = async (conditional: boolean) => {
        const places = { bucket: location.bucket, from: fromKey, to: this.#objectKey(to) }
        const request = { ...places, source, ifAbsent: conditional, parameters: writeParameters, signal }
        return { size: source.size, ...pickVersion({ version: await copyOnServer(client, request) }) }
      }
      if (!ifAbsent) return run(false)
      if (!conditionalWrites) return this.#lookFirst(to, { ifAbsent, ...(signal && { signal }) }, () => run(false))
      // Parts cost requests, so what is there already is looked for first; the last word has the server.
      if ((await this.head(to, { ...(signal && { signal }) })) !== null) throw alreadyExists()
      try {
        return await run(true)
      } catch (error) {
        throw statusOf(error) === 412 ? alreadyExists() : error
      }
    })
  }

  /** Tries what the server makes of conditions, on an object of its own that it removes again. */
  probe({ signal }: OperationOptions): Promise<ConditionProbe> {
    const { plane, location } = this.#options
    return this.#attempt(signal, () => probeConditions(plane, location, signal))
  }

  async dispose(): Promise<void> {
    this.#options.client.destroy()
    await this.#options.plane.dispose()
  }

  #objectKey(key: string): string {
    return this.#options.location.objectKey(key)
  }

  async #attempt<Answer>(signal: AbortSignal | undefined, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run()
    } catch (error) {
      throw toS3Error(error, this.#options.subject, signal)
    }
  }

  #opened(
    key: string,
    opened: DescribedBody,
    open: (request: { range?: string | undefined; ifMatch?: string | undefined }) => Promise<DescribedBody>,
    signal: AbortSignal | undefined,
  ): GetResult {
    const { description, range } = opened
    const whole = range.start === 0 && range.end === description.size
    return toGetResult(toStat(key, description), opened, {
      reopen: (rest) => open({ range: toRangeHeader(rest), ifMatch: description.version }),
      isTransient,
      checksum: whole && description.crc32 !== undefined ? { crc: this.crc, base64: description.crc32 } : undefined,
      toError: (error) => toS3Error(error, this.#options.subject, signal),
    })
  }

  /** A conditional write that failed may have succeeded, its answer lost; its nonce tells. */
  async #recognise(
    key: string,
    write: { nonce: string; size: number; ifAbsent: boolean; signal: AbortSignal | undefined },
    error: unknown,
  ): Promise<PutResult> {
    // An absent object is 404 to a condition on its version.
    if (!write.ifAbsent && meansAbsent(error)) throw changed()
    if (statusOf(error) !== 412) throw error
    const found = await this.#options.plane
      .head(this.#objectKey(key), { signal: write.signal })
      .catch((failure: unknown) => {
        if (meansAbsent(failure)) return undefined
        throw failure
      })
    if (found?.metadata?.[nonceName] === write.nonce) return { size: write.size, ...pickVersion(found) }
    throw write.ifAbsent ? alreadyExists() : error
  }

  /**
   * Looks before a write, one writer of a key at a time, where the server honours no conditions. That is enough within this
   * process, and the capabilities promise nothing between processes.
   */
  #lookFirst(key: string, options: PutOptions, write: () => Promise<PutResult>): Promise<PutResult> {
    const { ifAbsent, ifMatch, signal } = options
    return this.#writers.run(key, async () => {
      const found = await this.head(key, { ...(signal && { signal }) })
      if (ifAbsent && found !== null) throw alreadyExists()
      if (ifMatch !== undefined && found?.version !== ifMatch) {
        throw changed()
      }
      return write()
    })
  }
}

/** What can be sent more than once; a stream is read into memory first, since one PUT must say its length. */
async function toSentBody(source: PutSource): Promise<PartSource> {
  if (source.kind === 'stream') return { kind: 'bytes', bytes: await buffer(source.chunks) }
  return source.kind === 'file' && source.size > inMemoryBytes
    ? source
    : { kind: 'bytes', bytes: await readPart(source) }
}

function pickVersion({ version }: { readonly version?: string | undefined }): { version?: string } {
  return version === undefined ? {} : { version }
}

function changed(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}

function alreadyExists(): StackError {
  return new StackError('already-exists', 'it exists')
}
