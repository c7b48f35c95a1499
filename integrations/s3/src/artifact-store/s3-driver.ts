/** The primitives of an artifact store on a bucket; everything else comes from the base class. */
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import {
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type ByteRange,
  type CopyOptions,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type MultipartUpload,
  type OperationOptions,
  type Page,
  type PresignedRequest,
  type PresignOptions,
  type PutOptions,
  type PutResult,
  type PutSource,
  reservedMetadataName,
  StackError,
  type Stat,
  type UnfinishedUpload,
  type VerifyCheck,
  versionChanged,
} from '@stack/core'
import { type BucketLocation, crc32, listPages, readPart, toGetResult, toRangeHeader } from '@stack/object-http'
import type { DescribedBody, ObjectDescription, ReadRequest, S3Calls } from './calls/s3-calls.js'
import { type ConditionalWrite, ConditionalWrites } from './conditional-writes.js'
import { deleteObjects } from './delete-objects.js'
import { meansAbsent, type S3Subject, statusOf, toS3Error } from './failures/s3-error.js'
import { isTransient } from './failures/transient-failure.js'
import { checkS3Metadata, encodeMetadata, isSameVersion, toEntityTag, toStat } from './s3-object.js'
import { beginUpload } from './uploads/begin-upload.js'
import { relayCopy } from './uploads/relayed-copy.js'
import { S3MultipartUpload } from './uploads/s3-multipart-upload.js'
import { copyOnServer, largestCopy } from './uploads/server-copy.js'
import { unfinishedUploads } from './uploads/unfinished-uploads.js'
import { verifyBucket } from './verify/verify-bucket.js'

export interface S3DriverOptions {
  readonly calls: S3Calls
  readonly location: BucketLocation
  readonly subject: S3Subject
  /** The server honours If-None-Match and If-Match on writes. */
  readonly conditionalWrites: boolean
  /** Releases what the calls were made with. */
  readonly dispose: () => void
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const longestPresignSeconds = 7 * 24 * 3600

type Open = (request: Omit<ReadRequest, 'signal'>) => Promise<DescribedBody>

/** An object that was opened, and how it is opened again. */
interface Opening {
  readonly opened: DescribedBody
  /** What was asked for. */
  readonly range: ByteRange | undefined
  readonly open: Open
  readonly signal: AbortSignal | undefined
}

export class S3Driver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly crc = crc32
  readonly #options: S3DriverOptions
  readonly #calls: S3Calls
  readonly #writes: ConditionalWrites

  constructor(options: S3DriverOptions) {
    this.#options = options
    this.#calls = options.calls
    this.#writes = new ConditionalWrites(options.calls, options.conditionalWrites)
    this.capabilities = {
      conditionalCreate: options.conditionalWrites,
      conditionalUpdate: options.conditionalWrites,
      rename: 'copy-delete',
      caseSensitive: true,
      emptyDirectories: false,
      fileAndDirectory: true,
      metadata: true,
      presign: true,
      multipart: true,
    }
  }

  checkMetadata(metadata: Readonly<Record<string, string>>): void {
    checkS3Metadata(metadata)
  }

  head(key: string, { signal }: OperationOptions): Promise<Stat | null> {
    return this.#attempt(signal, async () => {
      try {
        return toStat(key, await this.#calls.head(this.#objectKey(key), { signal }))
      } catch (error) {
        if (meansAbsent(error)) return null
        throw error
      }
    })
  }

  get(key: string, { range, ifMatch, signal }: GetOptions): Promise<GetResult> {
    const open: Open = (request) => this.#open(key, { ...request, signal })
    return this.#attempt(signal, async () => {
      const version = toEntityTag(ifMatch)
      try {
        return this.#opened(key, {
          opened: await open({ range: toRangeHeader(range), ifMatch: version }),
          range,
          open,
          signal,
        })
      } catch (error) {
        // Every range of an empty object is refused, also one that holds the whole of it.
        const whole = range !== undefined && ('suffix' in range || range.start === 0)
        if (!whole || statusOf(error) !== 416) throw error
        return this.#opened(key, { opened: await open({ ifMatch: version }), range, open, signal })
      }
    })
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const { ifAbsent, contentType, signal } = options
    return this.#attempt(signal, async () => {
      const ifMatch = toEntityTag(options.ifMatch)
      const objectKey = this.#objectKey(key)
      // One request says its length and its checksum ahead, so it is sent from memory, as often as it takes.
      const bytes = source.kind === 'stream' ? await buffer(source.chunks) : await readPart(source)
      const conditional = ifAbsent === true || ifMatch !== undefined
      const { nonce, metadata } = marked(conditional, encodeMetadata(options.metadata))
      const write = { key: objectKey, ifAbsent, ifMatch, nonce, signal }
      const { version } = await this.#writes.run(write, (conditions) =>
        this.#calls.put(objectKey, { kind: 'bytes', bytes }, { ...conditions, contentType, metadata, signal }),
      )
      return { size: bytes.byteLength, ...(version === undefined ? {} : { version }) }
    })
  }

  multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    const { ifAbsent, contentType, signal } = options
    return this.#attempt(signal, async () => {
      const ifMatch = toEntityTag(options.ifMatch)
      // Always marked: of an upload whose answer was lost the server tells only that it is gone.
      const { nonce, metadata } = marked(true, encodeMetadata(options.metadata))
      const write: ConditionalWrite = { key: this.#objectKey(key), ifAbsent, ifMatch, nonce, inParts: true }
      // Parts cost requests, so what is there already is looked for first; the last word has the server.
      if (ifAbsent || ifMatch !== undefined) await this.#writes.check({ ...write, signal })
      const upload = await beginUpload(this.#calls, write.key, { contentType, metadata, checksums: true, signal })
      const toError = (error: unknown, during: AbortSignal | undefined) => this.#toError(error, during)
      return new S3MultipartUpload({ calls: this.#calls, writes: this.#writes, write, upload, toError })
    })
  }

  async presign(key: string, { method, expiresIn, signal }: PresignOptions): Promise<PresignedRequest> {
    if (!(Number.isSafeInteger(expiresIn) && expiresIn >= 1 && expiresIn <= longestPresignSeconds)) {
      throw new StackError('usage', `expiresIn is a whole number of seconds from 1 to ${longestPresignSeconds}`)
    }
    return this.#attempt(signal, async () => ({
      method,
      ...(await this.#calls.presign(this.#objectKey(key), { method, expiresIn })),
    }))
  }

  async *list(prefix: string, { delimiter, startAfter, signal }: ListOptions): AsyncIterable<Page> {
    const { location } = this.#options
    const objectPrefix = location.directoryPrefix(prefix)
    const after = startAfter === undefined ? undefined : location.prefix + startAfter
    yield* listPages({ location, prefix: objectPrefix, delimiter }, (continuation) => {
      const request = { prefix: objectPrefix, delimiter, startAfter: after, continuation, signal }
      return this.#attempt(signal, () => this.#calls.list(request))
    })
  }

  async delete(keys: readonly string[], { signal }: OperationOptions): Promise<DeleteResult> {
    const { location } = this.#options
    const objectKeys = keys.map((key) => location.listedKey(key))
    const failed = await this.#attempt(signal, () => deleteObjects(this.#calls, objectKeys, signal))
    return {
      failed: failed.map(({ key, error }) => ({ key: location.storeKey(key), error: this.#toError(error, signal) })),
    }
  }

  copy(source: string, to: string, { ifAbsent, signal }: CopyOptions): Promise<PutResult> {
    return this.#attempt(signal, async () => {
      const from = this.#options.location.listedKey(source)
      const original = await this.#calls.head(from, { signal })
      // Servers that keep the marks of directories as directories copy none.
      const isMark = to.endsWith('/') && original.size === 0
      if (isMark || this.#isRelayed(from, original, ifAbsent === true)) {
        return relayCopy(
          this,
          { source: toStat(source, original), to },
          { ifAbsent: ifAbsent === true, ...(signal && { signal }) },
        )
      }
      const { nonce, metadata } = marked(ifAbsent === true, original.metadata)
      const copy = { from, to: this.#objectKey(to), source: { ...original, metadata }, signal }
      // Under a condition it goes by parts.
      const write: ConditionalWrite = { key: copy.to, ifAbsent, nonce, signal, inParts: true }
      const { version } = await this.#writes.run(write, (conditions) => copyOnServer(this.#calls, copy, conditions))
      return { size: original.size, ...(version === undefined ? {} : { version }) }
    })
  }

  async *unfinishedUploads({ signal }: OperationOptions): AsyncIterable<UnfinishedUpload> {
    const toError = (error: unknown) => this.#toError(error, signal)
    yield* unfinishedUploads(this.#calls, this.#options.location, { signal, toError })
  }

  async *verify({ signal }: OperationOptions): AsyncIterable<VerifyCheck> {
    const { location, subject, conditionalWrites } = this.#options
    yield* verifyBucket({ calls: this.#calls, location, subject, conditionalWrites, signal })
  }

  async dispose(): Promise<void> {
    await this.#calls.dispose()
    this.#options.dispose()
  }

  #objectKey(key: string): string {
    return this.#options.location.objectKey(key)
  }

  #toError(error: unknown, signal: AbortSignal | undefined): unknown {
    return toS3Error(error, this.#options.subject, signal)
  }

  async #attempt<Answer>(signal: AbortSignal | undefined, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run()
    } catch (error) {
      throw this.#toError(error, signal)
    }
  }

  /**
   * By parts a copy of nothing cannot be made, and what is copied so is not always what was named: Ceph decodes the
   * name twice, and ends at some that can be decoded once only.
   */
  #isRelayed(from: string, { size }: ObjectDescription, ifAbsent: boolean): boolean {
    const { conditionalWrites, subject } = this.#options
    if (ifAbsent && size === 0) return true
    const byParts = (ifAbsent && conditionalWrites) || size > largestCopy
    return byParts && from.includes('%') && !isAmazon(subject.endpoint)
  }

  /** Opens an object; some servers answer with another version than was asked for. */
  async #open(key: string, request: ReadRequest): Promise<DescribedBody> {
    const opened = await this.#calls.get(this.#objectKey(key), request)
    const { version } = opened.description
    if (request.ifMatch === undefined || version === undefined || isSameVersion(version, request.ifMatch)) return opened
    opened.close()
    throw versionChanged()
  }

  #opened(key: string, { opened, range: asked, open, signal }: Opening): GetResult {
    const { description, range } = opened
    const { version } = description
    const whole = range.start === 0 && range.end === description.size
    return toGetResult(toStat(key, description), opened, {
      asked,
      async reopen(rest) {
        // Of an object whose version nobody knows the rest could be of another.
        if (version === undefined)
          throw new StackError('unavailable', 'its bytes were cut off, and it has no version to go on with')
        return open({ range: toRangeHeader(rest), ifMatch: version })
      },
      isTransient,
      checksum: whole && description.crc32 !== undefined ? { crc: crc32, base64: description.crc32 } : undefined,
      toError: (error) => this.#toError(error, signal),
    })
  }
}

/** Marks what is written, where it shall know itself again. */
function marked(wanted: boolean, metadata: Readonly<Record<string, string>> = {}) {
  if (!wanted) return { nonce: undefined, metadata }
  const nonce = randomUUID()
  return { nonce, metadata: { ...metadata, [reservedMetadataName]: nonce } }
}

/** Whether an endpoint is of AWS. */
function isAmazon(endpoint: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname)
}
