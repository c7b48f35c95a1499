/** The primitives of an artifact store on the AWS SDK; everything else comes from the base class. */
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import {
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  isStackError,
  type ListOptions,
  type OperationOptions,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
} from '@stack/core'
import { KeyQueue } from './key-queue.js'
import { isAbsent, isEmptyObject, toS3Error } from './s3-error.js'
import { toBody, toGetResult, toMetadataHeaders, toRangeHeader, toStat } from './s3-object.js'

/** Where a driver keeps its objects, and how it writes them. */
export interface S3Place {
  readonly bucket: string
  /** What every key begins with: empty, or ending with a slash. */
  readonly prefix: string
  /** The server honours If-None-Match and If-Match on writes. */
  readonly conditionalWrites: boolean
  /** Further parameters of every write. */
  readonly writeParameters: Readonly<Record<string, unknown>>
}

/** An artifact store's driver on a bucket. */
export class S3Driver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly #client: S3Client
  readonly #place: S3Place
  readonly #conditional = new KeyQueue()

  constructor(client: S3Client, place: S3Place) {
    this.#client = client
    this.#place = place
    this.capabilities = {
      conditionalCreate: place.conditionalWrites,
      conditionalUpdate: place.conditionalWrites,
      rename: 'copy-delete',
      caseSensitive: true,
      emptyDirectories: false,
      fileAndDirectory: true,
      metadata: true,
      presign: false,
      multipart: false,
    }
  }

  async head(key: string, { signal }: OperationOptions): Promise<Stat | null> {
    try {
      const found = await this.#client.send(new HeadObjectCommand(this.#object(key)), { abortSignal: signal })
      return toStat(key, { ...found, Size: found.ContentLength })
    } catch (error) {
      if (isAbsent(error)) return null
      throw toS3Error(error, signal)
    }
  }

  async get(key: string, { range, ifMatch, signal }: GetOptions): Promise<GetResult> {
    const request = { ...this.#object(key), IfMatch: ifMatch, Range: toRangeHeader(range) }
    try {
      return toGetResult(key, await this.#client.send(new GetObjectCommand(request), { abortSignal: signal }))
    } catch (error) {
      // Every range of an empty object is refused, also one that holds the whole of it.
      const whole = range !== undefined && ('suffix' in range || range.start === 0)
      if (whole && isEmptyObject(error)) return this.get(key, { ifMatch, signal })
      throw toS3Error(error, signal)
    }
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    return this.#whenAllowed(key, options, async () => {
      const { Body, ContentLength } = await toBody(source)
      const { ifAbsent, ifMatch, signal } = options
      const command = new PutObjectCommand({
        ...this.#place.writeParameters,
        ...this.#object(key),
        ...(this.#place.conditionalWrites && { IfNoneMatch: ifAbsent ? '*' : undefined, IfMatch: ifMatch }),
        Body,
        ContentLength,
        ContentType: options.contentType,
        Metadata: toMetadataHeaders(options.metadata),
      })
      // The SDK would wait for the rest of a body that fails.
      const failed = new AbortController()
      if (!(Body instanceof Uint8Array)) Body.once('error', (error) => failed.abort(error))
      const abortSignal = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])])
      try {
        const written = await this.#client.send(command, { abortSignal })
        return { size: ContentLength, version: written.ETag }
      } catch (error) {
        const mapped = toS3Error(failed.signal.aborted ? failed.signal.reason : error, signal)
        throw ifAbsent && isStackError(mapped, 'precondition-failed') ? alreadyExists() : mapped
      }
    })
  }

  async *list(prefix: string, { delimiter, startAfter, signal }: ListOptions): AsyncIterable<Page> {
    const Prefix = this.#key(prefix === '' ? '' : `${prefix}/`)
    const StartAfter = startAfter === undefined ? undefined : this.#key(startAfter)
    let ContinuationToken: string | undefined
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#place.bucket,
        Prefix,
        Delimiter: delimiter,
        StartAfter,
        ContinuationToken,
      })
      const page = await this.#attempt(signal, () => this.#client.send(command, { abortSignal: signal }))
      yield { entries: this.#entries(Prefix, page) }
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
  }

  async delete(keys: readonly string[], { signal }: OperationOptions): Promise<DeleteResult> {
    const failed: { key: string; error: unknown }[] = []
    // One request deletes at most 1000 objects.
    for (let start = 0; start < keys.length; start += 1000) {
      const Objects = keys.slice(start, start + 1000).map((key) => ({ Key: this.#key(key) }))
      const command = new DeleteObjectsCommand({ Bucket: this.#place.bucket, Delete: { Objects, Quiet: true } })
      const { Errors } = await this.#attempt(signal, () => this.#client.send(command, { abortSignal: signal }))
      for (const { Key = '', Code = '', Message = `the server answered ${Code}` } of Errors ?? []) {
        const error = new StackError(Code === 'AccessDenied' ? 'permission-denied' : 'unavailable', Message)
        failed.push({ key: Key.slice(this.#place.prefix.length), error })
      }
    }
    return { failed }
  }

  async copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const { signal } = options
    const source = await this.head(from, { signal })
    if (source === null) throw new StackError('not-found', 'it does not exist')
    const CopySource = [this.#place.bucket, ...this.#key(from).split('/')].map(encodeURIComponent).join('/')
    const command = new CopyObjectCommand({ ...this.#place.writeParameters, ...this.#object(to), CopySource })
    const { CopyObjectResult } = await this.#whenAllowed(to, options, () =>
      this.#attempt(signal, () => this.#client.send(command, { abortSignal: signal })),
    )
    return { size: source.size, version: CopyObjectResult?.ETag }
  }

  async dispose(): Promise<void> {
    this.#client.destroy()
  }

  #key(key: string): string {
    return this.#place.prefix + key
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#key(key) }
  }

  async #attempt<Answer>(signal: AbortSignal | undefined, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run()
    } catch (error) {
      throw toS3Error(error, signal)
    }
  }

  /**
   * Looks before a conditional write, one writer of a key at a time. That is enough within this process; between processes it
   * is the server's word that counts, and where it gives none, nor on the target of a copy, the capabilities promise nothing.
   */
  async #whenAllowed<Result>(key: string, options: PutOptions, write: () => Promise<Result>): Promise<Result> {
    const { ifAbsent, ifMatch, signal } = options
    if (!ifAbsent && ifMatch === undefined) return write()
    return this.#conditional.run(key, async () => {
      const found = await this.head(key, { signal })
      if (ifAbsent && found !== null) throw alreadyExists()
      if (ifMatch !== undefined && found?.version !== ifMatch) {
        throw new StackError('precondition-failed', 'it has another version')
      }
      return write()
    })
  }

  /** One page in UTF-8 byte order, a directory counting as `name/`; an object that marks a directory is one. */
  #entries(
    prefix: string,
    page: {
      readonly CommonPrefixes?: readonly { readonly Prefix?: string }[]
      readonly Contents?: readonly { readonly Key?: string; readonly Size?: number }[]
    },
  ): Stat[] {
    const objects = page.Contents ?? []
    const directories = (page.CommonPrefixes ?? []).map(({ Prefix }) => ({ Key: Prefix, Size: 0 }))
    return [...directories, ...objects]
      .map((found) => ({ found, key: found.Key ?? '' }))
      .filter(({ key }) => key !== prefix)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
      .map(({ found, key }) => toStat(key.slice(this.#place.prefix.length), found))
  }
}

function alreadyExists(): StackError {
  return new StackError('already-exists', 'it exists')
}
