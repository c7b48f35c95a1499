/** Everything that makes an object: in one request, in a session, or as a copy; and knowing one's own work again. */
import { randomUUID } from 'node:crypto'
import {
  alreadyExists,
  type CopyOptions,
  type PutOptions,
  type PutResult,
  reservedMetadataName,
  StackError,
} from '@stack/core'
import { crc32c, encodeCrc } from '@stack/object-http'
import type { DataPlane } from './data-plane.js'
import { ignoreAbsent, meansAbsent, statusOf } from './gcs-error.js'
import { type ObjectResource, toGeneration } from './gcs-object.js'
import { damaged, ResumableUpload } from './resumable-upload.js'
import { meansDamaged } from './transient-failure.js'

/** A write on its way: where to, and how it knows itself again. */
export interface Write {
  /** Of the bucket. */
  readonly key: string
  readonly nonce: string
  readonly ifAbsent: boolean
  readonly signal: AbortSignal | undefined
}

/** A session, and the write that it is. */
export interface UploadedWrite {
  readonly upload: ResumableUpload
  readonly write: Write
}

/** What describes an object and is not its bytes. */
const describedFields =
  'generation,contentType,contentEncoding,contentDisposition,contentLanguage,cacheControl,metadata'

/** Keys are those of the bucket. */
export class ObjectWrites {
  readonly #plane: DataPlane

  constructor(plane: DataPlane) {
    this.#plane = plane
  }

  /** What is known of an object; nothing where it is absent. */
  async find(key: string, signal: AbortSignal | undefined): Promise<ObjectResource | undefined> {
    try {
      return await this.#plane.describe(key, signal)
    } catch (error) {
      if (meansAbsent(error)) return undefined
      throw error
    }
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions): Promise<PutResult> {
    const { resource, ifGenerationMatch, write } = begin(key, options)
    const described = { ...resource, crc32c: encodeCrc(crc32c.of(bytes)) }
    const insert = () => this.#plane.insert(described, bytes, { ifGenerationMatch, signal: options.signal })
    try {
      const written = await insert().catch((error: unknown) => {
        if (meansDamaged(error)) return insert()
        throw error
      })
      return { size: bytes.byteLength, ...versionOf(written) }
    } catch (error) {
      return { size: bytes.byteLength, ...versionOf(await this.#recognise(write, error)) }
    }
  }

  async beginUpload(key: string, options: PutOptions): Promise<UploadedWrite> {
    const { resource, ifGenerationMatch, write } = begin(key, options)
    try {
      const path = await this.#plane.beginUpload(resource, { ifGenerationMatch, signal: options.signal })
      return { upload: new ResumableUpload(this.#plane, path), write }
    } catch (error) {
      throw refusal(write, error)
    }
  }

  async completeUpload({ upload, write }: UploadedWrite, signal: AbortSignal | undefined): Promise<PutResult> {
    try {
      const { resource, crc32c: sent } = await upload.finish({ signal })
      if (resource.crc32c !== undefined && resource.crc32c !== sent) {
        await this.#plane.delete(write.key, { ifGenerationMatch: resource.generation }).catch(ignoreAbsent)
        throw damaged()
      }
      return toResult(resource)
    } catch (error) {
      return toResult(await this.#recognise({ ...write, signal }, error))
    }
  }

  async copy(from: string, to: string, { ifAbsent = false, signal }: CopyOptions): Promise<PutResult> {
    if (!ifAbsent) return toResult(await this.#plane.rewrite(from, to, { signal }))
    // What is there already is looked for too, since emulators ignore the condition; the last word has the server.
    const [source, there] = await Promise.all([
      this.#plane.describe(from, signal, describedFields),
      this.find(to, signal),
    ])
    if (there !== undefined) throw alreadyExists()
    // The copy is marked, and so described anew: all that describes the source goes with it.
    const { generation, metadata, ...described } = source
    const write: Write = { key: to, nonce: randomUUID(), ifAbsent, signal }
    const resource = { ...described, metadata: { ...metadata, [reservedMetadataName]: write.nonce } }
    const conditions = { ifGenerationMatch: '0', ifSourceGenerationMatch: generation, signal }
    try {
      return toResult(await this.#plane.rewrite(from, to, { ...conditions, resource }))
    } catch (error) {
      return toResult(await this.#recognise(write, error))
    }
  }

  /** A write that failed may have succeeded, its answer lost; its nonce tells. */
  async #recognise(write: Write, error: unknown): Promise<ObjectResource> {
    const refused = statusOf(error) === 412 || (error instanceof StackError && error.code === 'not-found')
    const found = refused ? await this.find(write.key, write.signal) : undefined
    if (found?.metadata?.[reservedMetadataName] === write.nonce) return found
    throw refusal(write, error)
  }
}

/** What a write says of the object, and under which condition it is made. */
function begin(key: string, { ifAbsent = false, ifMatch, contentType, metadata, signal }: PutOptions) {
  const write: Write = { key, nonce: randomUUID(), ifAbsent, signal }
  const resource: ObjectResource = {
    name: key,
    contentType: contentType ?? 'application/octet-stream',
    metadata: { ...metadata, [reservedMetadataName]: write.nonce },
  }
  return { write, resource, ifGenerationMatch: ifAbsent ? '0' : toGeneration(ifMatch) }
}

function toResult(resource: ObjectResource): PutResult {
  return { size: Number(resource.size ?? 0), ...versionOf(resource) }
}

function versionOf({ generation }: ObjectResource): { version?: string } {
  return generation === undefined ? {} : { version: generation }
}

/** An error of a write, where its own condition was what was refused. */
function refusal({ ifAbsent }: Write, error: unknown): unknown {
  return ifAbsent && statusOf(error) === 412 ? alreadyExists() : error
}
