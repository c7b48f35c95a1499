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

/** What has to hold for a write. */
export interface WriteConditions {
  readonly ifNoneMatch?: '*' | undefined
  readonly ifMatch?: string | undefined
}

/** What an object is written with. */
interface ObjectFields {
  readonly contentType?: string | undefined
  /** As it travels in headers. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WriteRequest extends WriteConditions, ObjectFields {}

/** A multipart upload that begins. */
export interface CreationRequest extends ObjectFields {
  /** Its parts come with checksums, and the object gets one over all of its bytes. */
  readonly checksums?: boolean
}

/** A multipart upload that was begun. */
export interface CreatedUpload {
  readonly uploadId: string
  /** How long it took in milliseconds, where it was asked for more than once: an upload whose answer was lost may be there too. */
  readonly retriedMs?: number
}

/** One part of a multipart upload. */
export interface PartRequest {
  readonly uploadId: string
  /** From 1. */
  readonly number: number
  /** Of the body, base64, where it is known already. */
  readonly crc32?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A part that has arrived. */
export interface UploadedPart {
  readonly number: number
  readonly version: string
  /** Base64, where it was sent with one. */
  readonly crc32?: string
}

export interface CompletionRequest extends WriteConditions {
  readonly uploadId: string
  /** Of the whole object, base64. */
  readonly crc32?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Where a page of unfinished uploads ended. */
export interface UploadsMarker {
  readonly keyMarker: string
  readonly uploadIdMarker: string
}

export interface UploadsRequest {
  readonly next?: UploadsMarker | undefined
  readonly signal?: AbortSignal | undefined
}

/** An upload that was neither completed nor aborted. */
export interface ListedUpload {
  readonly key: string
  readonly uploadId: string
  readonly startedAt: Date
}

export interface UploadsAnswer {
  readonly uploads: readonly ListedUpload[]
  /** Where the next page begins; absent on the last. */
  readonly next?: UploadsMarker
}

/** What is copied: one version of an object of the same bucket, or a range of it. */
export interface CopySource {
  readonly key: string
  readonly version?: string | undefined
  /** End exclusive. */
  readonly range?: { readonly start: number; readonly end: number }
}

export interface CopyRequest {
  readonly source: CopySource
  readonly signal?: AbortSignal | undefined
}

export interface CopyPartRequest extends CopyRequest, PartRequest {}

export interface PresignRequest {
  readonly method: 'GET' | 'PUT'
  /** Seconds. */
  readonly expiresIn: number
}

export interface Presigned {
  readonly url: string
  /** Have to be sent with it. */
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAt: Date
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
  readonly kind: 'file'
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
  createUpload(key: string, request: CreationRequest): Promise<CreatedUpload>
  /** The CRC-32 that a part would be sent with, base64. */
  partChecksum?(body: PartSource, signal: AbortSignal | undefined): Promise<string | undefined>
  uploadPart(key: string, body: PartSource, request: PartRequest): Promise<Written>
  completeUpload(key: string, parts: readonly UploadedPart[], request: CompletionRequest): Promise<Written>
  abortUpload(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<void>
  /** Says whether a part of it has arrived. */
  hasParts(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<boolean>
  /** One page of those of the whole bucket. */
  listUploads(request: UploadsRequest): Promise<UploadsAnswer>
  /** At most 5 GiB, content type and metadata included. */
  copy(key: string, request: CopyRequest): Promise<Written>
  copyPart(key: string, request: CopyPartRequest): Promise<Written>
  list(request: ListRequest): Promise<ListAnswer>
  /** At most a thousand. */
  delete(keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly DeleteFailure[]>
  presign(key: string, request: PresignRequest): Promise<Presigned>
  dispose(): Promise<void>
}
