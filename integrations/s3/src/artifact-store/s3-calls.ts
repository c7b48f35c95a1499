/** The calls that the data path consists of; the lean data plane answers them, and the SDK where that cannot. */
import type { PartSource } from '@stack/core'
import type { OpenedObject } from '@stack/object-http'

/** What an answer says of an object. */
export interface ObjectDescription {
  /** Bytes of the whole object. */
  readonly size: number
  readonly version?: string
  readonly modifiedAt?: Date
  readonly contentType?: string
  /** User metadata, as it travels in headers. */
  readonly metadata?: Readonly<Record<string, string>>
  /** CRC-32 of the whole object, base64. */
  readonly crc32?: string
}

/** An object whose bytes are on their way. */
export interface DescribedBody extends OpenedObject {
  readonly description: ObjectDescription
}

export interface ReadRequest {
  /** The value of a Range header. */
  readonly range?: string | undefined
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WriteRequest {
  readonly ifNoneMatch?: '*' | undefined
  readonly ifMatch?: string | undefined
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** One part of a multipart upload. */
export interface PartRequest {
  readonly uploadId: string
  readonly number: number
  readonly signal?: AbortSignal | undefined
}

export interface Written {
  readonly version?: string
  readonly crc32?: string
}

export interface ListRequest {
  readonly prefix: string
  readonly delimiter?: '/' | undefined
  readonly startAfter?: string | undefined
  readonly continuation?: string | undefined
  readonly maxKeys?: number
  readonly signal?: AbortSignal | undefined
}

/** One object of a listing. */
export interface ListedObject {
  readonly key: string
  readonly size: number
  readonly version?: string
  readonly modifiedAt?: Date
}

export interface ListAnswer {
  readonly objects: readonly ListedObject[]
  readonly prefixes: readonly string[]
  /** Where the next page begins; absent on the last. */
  readonly continuation?: string
}

export interface DeleteFailure {
  readonly key: string
  readonly code: string
  readonly message: string
}

/** Keys are those of the bucket. Errors are the wire's or the SDK's; `toS3Error` maps them. */
export interface S3Calls {
  head(key: string, request: ReadRequest): Promise<ObjectDescription>
  get(key: string, request: ReadRequest): Promise<DescribedBody>
  put(key: string, body: PartSource, request: WriteRequest): Promise<Written>
  uploadPart(key: string, body: PartSource, request: PartRequest): Promise<Written>
  list(request: ListRequest): Promise<ListAnswer>
  /** At most a thousand. */
  delete(keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly DeleteFailure[]>
}
