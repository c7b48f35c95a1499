/** The primitives of an artifact store on a bucket; everything else comes from the base class. */
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
  type PresignedRequest,
  type PresignOptions,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
  type VerifyCheck,
  versionChanged,
} from '@stack/core'
import {
  type BucketLocation,
  crc32c,
  listPages,
  type OpenedObject,
  readPart,
  toGetResult,
  toRangeHeader,
} from '@stack/object-http'
import pLimit from 'p-limit'
import type { DataPlane } from './data-plane.js'
import { type GcsSubject, ignoreAbsent, statusOf, toGcsError } from './gcs-error.js'
import { describeBody, type ObjectResource, toEntry, toGeneration, toStat } from './gcs-object.js'
import { checkObjectName, isObjectName } from './object-name.js'
import { ObjectWrites } from './object-writes.js'
import { probeServer } from './probe-server.js'
import type { Signer } from './signed-url.js'
import { isTransient } from './transient-failure.js'
import { describeProbe } from './verify-checks.js'

export interface GcsDriverOptions {
  readonly plane: DataPlane
  readonly location: BucketLocation
  readonly subject: GcsSubject
  /** Where the credentials can sign. */
  readonly signer: Signer | undefined
}

/** Deletions under way at a time. */
const deletionsAtOnce = 32
const listingFields = {
  whole: 'nextPageToken,prefixes,items(name,size,generation,updated)',
  kinds: 'nextPageToken,prefixes,items(name)',
}

export class GcsDriver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly crc = crc32c
  readonly #options: GcsDriverOptions
  readonly #writes: ObjectWrites

  constructor(options: GcsDriverOptions) {
    this.#options = options
    this.#writes = new ObjectWrites(options.plane)
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
      const resource = await this.#writes.find(this.#objectKey(key), signal)
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
      return toGetResult(toEntry({ ...resource, name: key }), opened, {
        asked: range,
        async reopen(rest) {
          // Of an object whose version nobody knows the rest could be of another.
          if (resource.generation === undefined) {
            throw new StackError('unavailable', 'its bytes were cut off, and it has no version to go on with')
          }
          return open(toRangeHeader(rest), resource.generation)
        },
        isTransient,
        checksum: whole && resource.crc32c !== undefined ? { crc: crc32c, base64: resource.crc32c } : undefined,
        toError: (error) => toGcsError(error, this.#options.subject, signal),
      })
    })
  }

  put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    return this.#attempt(options.signal, async () => {
      const bytes = source.kind === 'stream' ? await buffer(source.chunks) : await readPart(source)
      return this.#writes.put(this.#objectKey(key), bytes, options)
    })
  }

  multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    return this.#attempt(options.signal, async () => {
      const begun = await this.#writes.beginUpload(this.#objectKey(key), options)
      const { upload } = begun
      const { partSize, maxParts, inOrder } = upload
      return {
        ...{ partSize, maxParts, inOrder },
        part: (number, source, given) => this.#attempt(given.signal, () => upload.part(number, source, given)),
        complete: (_, { signal }) => this.#attempt(signal, () => this.#writes.completeUpload(begun, signal)),
        abort: () => this.#attempt(undefined, () => upload.abort()),
      }
    })
  }

  async *list(prefix: string, { delimiter, startAfter, kindsOnly, signal }: ListOptions): AsyncIterable<Page> {
    const { plane, location } = this.#options
    const objectPrefix = location.directoryPrefix(prefix)
    const after = startAfter === undefined ? undefined : location.prefix + startAfter
    const fields = kindsOnly === true ? listingFields.kinds : listingFields.whole
    yield* listPages({ location, prefix: objectPrefix, delimiter }, async (pageToken) => {
      const request = {
        ...{ prefix: objectPrefix, delimiter, startOffset: after, pageToken, signal },
        ...{ fields, sized: kindsOnly !== true },
      }
      const { items, prefixes, nextPageToken } = await this.#attempt(signal, () => plane.list(request))
      const objects = items.filter(({ name }) => name !== after).map(toEntry)
      return { objects, prefixes, continuation: nextPageToken }
    })
  }

  async delete(keys: readonly string[], { signal }: OperationOptions): Promise<DeleteResult> {
    const { plane } = this.#options
    const failed: { key: string; error: unknown }[] = []
    const deleteOne = async (key: string): Promise<void> => {
      try {
        await this.#attempt(signal, () =>
          plane.delete(this.#options.location.listedKey(key), { signal }).catch(ignoreAbsent),
        )
      } catch (error) {
        failed.push({ key, error })
      }
    }
    const [only] = keys
    if (keys.length === 1 && only !== undefined) await deleteOne(only)
    else await pLimit(deletionsAtOnce).map(keys, deleteOne)
    return { failed }
  }

  copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const source = this.#options.location.listedKey(from)
    return this.#attempt(options.signal, () => this.#writes.copy(source, this.#objectKey(to), options))
  }

  takes(key: string): boolean {
    return isObjectName(this.#options.location.listedKey(key))
  }

  presign(key: string, options: PresignOptions): Promise<PresignedRequest> {
    return this.#attempt(options.signal, async () => {
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

  async #open(
    key: string,
    request: Parameters<DataPlane['open']>[1],
  ): Promise<OpenedObject & { readonly resource: ObjectResource }> {
    const { body, ...head } = await this.#options.plane.open(this.#objectKey(key), request)
    const described = describeHead(head, () => body.close())
    const { generation } = described.resource
    // Emulators answer with another version than was asked for.
    if (
      request.ifGenerationMatch !== undefined &&
      generation !== undefined &&
      generation !== request.ifGenerationMatch
    ) {
      body.close()
      throw versionChanged()
    }
    return {
      ...described,
      chunks: body,
      fill: (target: Uint8Array, placed?: (piece: Uint8Array) => void) => body.fill(target, placed),
      close: () => body.close(),
    }
  }
}

function describeHead(head: Parameters<typeof describeBody>[0], close: () => void): ReturnType<typeof describeBody> {
  try {
    return describeBody(head)
  } catch (error) {
    close()
    throw error
  }
}
