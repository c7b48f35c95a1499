/** The primitives of an artifact store on a bucket; everything else comes from the base class. */
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import {
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type MultipartUpload,
  type OperationOptions,
  type Page,
  type PartSource,
  type PresignedRequest,
  type PresignOptions,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
  type VerifyCheck,
} from '@stack/core'
import { type BucketLocation, encodeCrc, type OpenedObject, readPart, toGetResult, toPage } from '@stack/object-http'
import pLimit from 'p-limit'
import { crc32c } from './crc32c.js'
import type { DataPlane } from './data-plane.js'
import { type GcsSubject, meansAbsent, statusOf, toGcsError } from './gcs-error.js'
import { describeBody, nonceName, type ObjectResource, toRangeHeader, toStat } from './gcs-object.js'
import { checkObjectName } from './object-name.js'
import { probeServer } from './probe-server.js'
import { damaged, ResumableUpload } from './resumable-upload.js'
import type { Signer } from './signed-url.js'
import { isTransient, meansDamaged } from './transient-failure.js'
import { describeProbe } from './verify-checks.js'

export interface GcsDriverOptions {
  readonly plane: DataPlane
  readonly location: BucketLocation
  readonly subject: GcsSubject
  /** Where the credentials can sign. */
  readonly signer: Signer | undefined
}

/** A larger file goes through a resumable upload, in pieces of this size. */
const atOnceBytes = 32 * 1024 ** 2
/** Deletions under way at a time. */
const deletionsAtOnce = 32
const listingFields = {
  whole: 'nextPageToken,prefixes,items(name,size,generation,updated)',
  kinds: 'nextPageToken,prefixes,items(name)',
}

/** A write on its way: where to, and how it knows itself again. */
interface Write {
  readonly key: string
  readonly nonce: string
  readonly ifAbsent: boolean
  readonly signal: AbortSignal | undefined
}

export class GcsDriver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly crc = crc32c
  readonly #options: GcsDriverOptions

  constructor(options: GcsDriverOptions) {
    this.#options = options
    this.capabilities = {
      conditionalCreate: true,
      conditionalUpdate: true,
      rename: 'copy-delete',
      caseSensitive: true,
      emptyDirectories: false,
      fileAndDirectory: true,
      metadata: true,
      presign: options.signer !== undefined,
      multipart: true,
    }
  }

  head(key: string, { signal }: OperationOptions): Promise<Stat | null> {
    return this.#attempt(signal, async () => {
      const resource = await this.#find(key, signal)
      return resource === undefined ? null : toStat(key, resource)
    })
  }

  get(key: string, { range, ifMatch, signal }: GetOptions): Promise<GetResult> {
    const open = (rangeHeader: string | undefined, ifGenerationMatch: string | undefined) =>
      this.#open(key, { range: rangeHeader, ifGenerationMatch, signal })
    return this.#attempt(signal, async () => {
      const opened = await open(toRangeHeader(range), toGeneration(ifMatch)).catch((error: unknown) => {
        // Every range of an empty object is refused, also one that holds the whole of it.
        const whole = range !== undefined && ('suffix' in range || range.start === 0)
        if (!whole || statusOf(error) !== 416) throw error
        return open(undefined, toGeneration(ifMatch))
      })
      const { resource } = opened
      const whole = opened.range.start === 0 && opened.range.end === Number(resource.size)
      return toGetResult(toStat(key, resource), opened, {
        reopen: (rest) => open(toRangeHeader(rest), resource.generation),
        isTransient,
        checksum: whole && resource.crc32c !== undefined ? { crc: crc32c, base64: resource.crc32c } : undefined,
        toError: (error) => toGcsError(error, this.#options.subject, signal),
      })
    })
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const { signal } = options
    if (source.kind === 'file' && source.size > atOnceBytes) return this.#putInParts(key, source, options)
    return this.#attempt(signal, async () => {
      const bytes = source.kind === 'stream' ? await buffer(source.chunks) : await readPart(source)
      const { resource, ifGenerationMatch, write } = this.#write(key, options)
      const described = { ...resource, crc32c: encodeCrc(crc32c.of(bytes)) }
      const insert = () => this.#options.plane.insert(described, bytes, { ifGenerationMatch, signal })
      try {
        const written = await insert().catch((error: unknown) => {
          if (meansDamaged(error)) return insert()
          throw error
        })
        return { size: bytes.byteLength, ...versionOf(written) }
      } catch (error) {
        return { size: bytes.byteLength, ...versionOf(await this.#recognise(write, error)) }
      }
    })
  }

  multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    return this.#attempt(options.signal, async () => {
      const { resource, ifGenerationMatch, write } = this.#write(key, options)
      const conditions = { ifGenerationMatch, signal: options.signal }
      const path = await this.#options.plane.beginUpload(resource, conditions).catch((error: unknown) => {
        throw refusal(write, error)
      })
      return this.#upload(new ResumableUpload(this.#options.plane, path), write)
    })
  }

  async *list(prefix: string, { delimiter, startAfter, kindsOnly, signal }: ListOptions): AsyncIterable<Page> {
    const { plane, location } = this.#options
    const objectPrefix = location.directoryPrefix(prefix)
    const after = startAfter === undefined ? undefined : location.prefix + startAfter
    const fields = kindsOnly === true ? listingFields.kinds : listingFields.whole
    let pageToken: string | undefined
    do {
      const request = { prefix: objectPrefix, delimiter, startOffset: after, pageToken, fields, signal }
      const page = await this.#attempt(signal, () => plane.list(request))
      const objects = (page.items ?? []).filter(({ name }) => name !== after).map((item) => toEntry(item))
      yield toPage(location, objectPrefix, { objects, prefixes: page.prefixes ?? [] })
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
  }

  async delete(keys: readonly string[], { signal }: OperationOptions): Promise<DeleteResult> {
    const failed: { key: string; error: unknown }[] = []
    const deleteOne = async (key: string): Promise<void> => {
      try {
        await this.#attempt(signal, () =>
          this.#options.plane.delete(this.#objectKey(key), { signal }).catch(ignoreAbsent),
        )
      } catch (error) {
        failed.push({ key, error })
      }
    }
    const [only] = keys
    if (keys.length === 1 && only !== undefined) await deleteOne(only)
    else await pLimit(deletionsAtOnce).map(keys, deleteOne)
    signal?.throwIfAborted()
    return { failed }
  }

  copy(from: string, to: string, { ifAbsent = false, signal }: CopyOptions): Promise<PutResult> {
    const { plane } = this.#options
    return this.#attempt(signal, async () => {
      const [source, target] = [this.#objectKey(from), this.#objectKey(to)]
      if (!ifAbsent) return copied(await plane.rewrite(source, target, { signal }))
      // The copy is marked, and so described anew: all that describes the source goes with it.
      const { generation, metadata, ...described } = await plane.describe(source, signal, describedFields)
      const write = { key: to, nonce: randomUUID(), ifAbsent, signal }
      const resource = { ...described, metadata: { ...metadata, [nonceName]: write.nonce } }
      const conditions = { ifGenerationMatch: '0', ifSourceGenerationMatch: generation, signal }
      try {
        return copied(await plane.rewrite(source, target, { ...conditions, resource }))
      } catch (error) {
        return copied(await this.#recognise(write, error))
      }
    })
  }

  presign(key: string, options: PresignOptions): Promise<PresignedRequest> {
    return this.#attempt(options.signal, () => {
      const { signer } = this.#options
      if (signer !== undefined) return signer(this.#objectKey(key), options)
      throw new StackError('unsupported', 'its credentials cannot sign', {
        hint: 'Give the store the key of a service account: credentials or keyFile.',
      })
    })
  }

  async *verify({ signal }: OperationOptions): AsyncIterable<VerifyCheck> {
    const { plane, location } = this.#options
    yield* describeProbe(await this.#attempt(signal, () => probeServer(plane, location, signal)))
  }

  async dispose(): Promise<void> {
    await this.#options.plane.dispose()
  }

  #objectKey(key: string): string {
    return checkObjectName(this.#options.location.objectKey(key))
  }

  async #attempt<Answer>(signal: AbortSignal | undefined, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run()
    } catch (error) {
      throw toGcsError(error, this.#options.subject, signal)
    }
  }

  async #find(key: string, signal: AbortSignal | undefined): Promise<ObjectResource | undefined> {
    try {
      return await this.#options.plane.describe(this.#objectKey(key), signal)
    } catch (error) {
      if (meansAbsent(error)) return undefined
      throw error
    }
  }

  async #open(
    key: string,
    request: Parameters<DataPlane['open']>[1],
  ): Promise<OpenedObject & { readonly resource: ObjectResource }> {
    const { headers, body } = await this.#options.plane.open(this.#objectKey(key), request)
    const described = describeBody(headers)
    const { generation } = described.resource
    // Emulators answer with another version than was asked for.
    if (
      request.ifGenerationMatch !== undefined &&
      generation !== undefined &&
      generation !== request.ifGenerationMatch
    ) {
      body.close()
      throw changed()
    }
    return {
      ...described,
      chunks: body,
      fill: (target: Uint8Array) => body.fill(target),
      close: () => body.close(),
    }
  }

  /** What a write says of the object, and under which condition it is made. */
  #write(key: string, { ifAbsent = false, ifMatch, contentType, metadata, signal }: PutOptions) {
    const write: Write = { key, nonce: randomUUID(), ifAbsent, signal }
    const resource: ObjectResource = {
      name: this.#objectKey(key),
      contentType: contentType ?? 'application/octet-stream',
      metadata: { ...metadata, [nonceName]: write.nonce },
    }
    return { write, resource, ifGenerationMatch: ifAbsent ? '0' : toGeneration(ifMatch) }
  }

  #upload(upload: ResumableUpload, write: Write): MultipartUpload {
    const { partSize, maxParts, inOrder } = upload
    return {
      ...{ partSize, maxParts, inOrder },
      part: (number, source, options) => this.#attempt(options.signal, () => upload.part(number, source, options)),
      complete: (_, { signal }) => this.#attempt(signal, () => this.#complete(upload, { ...write, signal })),
      abort: () => this.#attempt(undefined, () => upload.abort()),
    }
  }

  async #complete(upload: ResumableUpload, write: Write): Promise<PutResult> {
    const { plane } = this.#options
    try {
      const { resource, crc32c: sent } = await upload.finish(write)
      if (resource.crc32c !== undefined && resource.crc32c !== sent) {
        await plane.delete(this.#objectKey(write.key), { ifGenerationMatch: resource.generation }).catch(ignoreAbsent)
        throw damaged()
      }
      return copied(resource)
    } catch (error) {
      return copied(await this.#recognise(write, error))
    }
  }

  async #putInParts(key: string, source: PartSource & { kind: 'file' }, options: PutOptions): Promise<PutResult> {
    const upload = await this.multipart(key, options)
    const { path, start = 0, size } = source
    try {
      const parts = []
      for (let sent = 0; sent < size; sent += atOnceBytes) {
        const part = { kind: 'file', path, start: start + sent, size: Math.min(atOnceBytes, size - sent) } as const
        const last = sent + atOnceBytes >= size
        parts.push(await upload.part(parts.length + 1, part, { ...options, last }))
      }
      return await upload.complete(parts, options)
    } catch (error) {
      await upload.abort().catch(() => {})
      throw error
    }
  }

  /** A write that failed may have succeeded, its answer lost; its nonce tells. */
  async #recognise(write: Write, error: unknown): Promise<ObjectResource> {
    const refused = statusOf(error) === 412 || (error instanceof StackError && error.code === 'not-found')
    const found = refused ? await this.#find(write.key, write.signal) : undefined
    if (found?.metadata?.[nonceName] === write.nonce) return found
    throw refusal(write, error)
  }
}

/** What describes an object and is not its bytes. */
const describedFields =
  'generation,contentType,contentEncoding,contentDisposition,contentLanguage,cacheControl,metadata'

function toEntry({ name, ...item }: ObjectResource) {
  const { metadata: _, ...stat } = toStat(name ?? '', item)
  return stat
}

/** A version is a generation; what is none, no object has. */
function toGeneration(version: string | undefined): string | undefined {
  if (version === undefined || /^[1-9]\d*$/.test(version)) return version
  throw changed()
}

function changed(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}

function copied(resource: ObjectResource): PutResult {
  return { size: Number(resource.size ?? 0), ...versionOf(resource) }
}

function versionOf({ generation }: ObjectResource): { version?: string } {
  return generation === undefined ? {} : { version: generation }
}

function ignoreAbsent(error: unknown): void {
  if (!meansAbsent(error)) throw error
}

/** An error of a write, where its own condition was what was refused. */
function refusal({ ifAbsent }: Write, error: unknown): unknown {
  return ifAbsent && statusOf(error) === 412 ? new StackError('already-exists', 'it exists') : error
}
