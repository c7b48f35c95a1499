/** The calls through the SDK's client: for connections and signatures that the lean data plane does not know. */
import { finished, type Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  type ServerSideEncryption,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { type PartSource, StackError } from '@stack/core'
import {
  ConnectionQueue,
  crc32,
  encodeCrc,
  maximumConnections,
  readPart,
  statedSize,
  statedTime,
} from '@stack/object-http'
import { fitsPath } from '../calls/fits-path.js'
import { rangeOf } from '../calls/object-headers.js'
import { RefusedHeads } from '../calls/refused-heads.js'
import type {
  CompletionRequest,
  CopyPartRequest,
  CopyRequest,
  CopySource,
  CreatedUpload,
  CreationRequest,
  DeleteFailure,
  DescribedBody,
  ListAnswer,
  ListRequest,
  ObjectDescription,
  PartRequest,
  Presigned,
  PresignRequest,
  ReadRequest,
  S3Calls,
  UploadedPart,
  UploadsAnswer,
  UploadsRequest,
  WriteConditions,
  WriteRequest,
  Written,
} from '../calls/s3-calls.js'
import { continuationOf } from '../data-plane/xml/listing-xml.js'
import { listedUpload } from '../data-plane/xml/multipart-xml.js'
import { checkedBySdk, describe, written } from './sdk-answers.js'

export interface SdkCallsOptions {
  readonly client: S3Client
  /** A name or an ARN. */
  readonly bucket: string
  /** Writes carry a CRC-32, and whole reads are checked against it. */
  readonly checksums: boolean
  /** Headers of every write, for encryption. */
  readonly writeHeaders: Readonly<Record<string, string>>
}

/** Bodies that may be under way at a time: a few connections are left for what has none, which nobody can hold. */
const bodiesAtOnce = maximumConnections - 8

export class SdkCalls implements S3Calls {
  readonly #options: SdkCallsOptions
  readonly #client: S3Client
  readonly #refusedHeads = new RefusedHeads(this)
  readonly #checksumMode: { ChecksumMode?: 'ENABLED' }
  /** The SDK's agent waits for a connection without end. */
  readonly #bodies = new ConnectionQueue(bodiesAtOnce)

  constructor(options: SdkCallsOptions) {
    this.#options = options
    this.#client = options.client
    this.#checksumMode = options.checksums ? { ChecksumMode: 'ENABLED' } : {}
  }

  head(key: string, request: ReadRequest): Promise<ObjectDescription> {
    const { ifMatch, signal } = request
    return this.#refusedHeads.explain(key, request, async () => {
      const command = new HeadObjectCommand({ ...this.#place(key), IfMatch: ifMatch, ...this.#checksumMode })
      const told = await this.#client.send(command, aborted(signal))
      return describe(told, statedSize(told.ContentLength))
    })
  }

  async get(key: string, { range, ifMatch, signal }: ReadRequest): Promise<DescribedBody> {
    const mode = range === undefined ? this.#checksumMode : {}
    const command = new GetObjectCommand({ ...this.#place(key), Range: range, IfMatch: ifMatch, ...mode })
    await this.#bodies.take(signal)
    const told = await this.#client.send(command, aborted(signal)).catch((error: unknown) => {
      this.#bodies.giveBack()
      throw error
    })
    const body = told.Body as Readable
    finished(body, { writable: false }, () => this.#bodies.giveBack())
    const close = () => {
      body.on('error', () => {})
      body.destroy()
    }
    const headers = { 'content-length': told.ContentLength?.toString(), 'content-range': told.ContentRange }
    const { total, ...held } = rangeOf(told.$metadata.httpStatusCode ?? 0, headers, close)
    return { description: describe(told, total), range: held, chunks: checkedBySdk(body), close }
  }

  async put(key: string, body: PartSource, request: WriteRequest): Promise<Written> {
    const bytes = await readPart(body)
    const checksum = this.#checksumOf(bytes)
    const command = new PutObjectCommand({
      ...{ ...this.#place(key), ...this.#objectParameters(request), ...conditions(request) },
      ...{ ...checksum, Body: bytes, ContentLength: bytes.byteLength },
    })
    return written(await this.#client.send(command, aborted(request.signal)), checksum.ChecksumCRC32)
  }

  async createUpload(key: string, request: CreationRequest): Promise<CreatedUpload> {
    const checked = this.#options.checksums && request.checksums === true
    const command = new CreateMultipartUploadCommand({
      ...{ ...this.#place(key), ...this.#objectParameters(request) },
      ...(checked ? { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } : {}),
    })
    const began = performance.now()
    const { UploadId, $metadata } = await this.#client.send(command, aborted(request.signal))
    if (!UploadId) throw new StackError('unavailable', 'the server began an upload without a name')
    const retried = ($metadata.attempts ?? 1) > 1
    return { uploadId: UploadId, ...(retried ? { retriedMs: performance.now() - began } : {}) }
  }

  async uploadPart(key: string, body: PartSource, { uploadId, number, signal }: PartRequest): Promise<Written> {
    const bytes = await readPart(body)
    const checksum = this.#checksumOf(bytes)
    const command = new UploadPartCommand({
      ...{ ...this.#place(key), ...checksum, UploadId: uploadId, PartNumber: number },
      ...{ Body: bytes, ContentLength: bytes.byteLength },
    })
    return written(await this.#client.send(command, aborted(signal)), checksum.ChecksumCRC32)
  }

  async completeUpload(key: string, parts: readonly UploadedPart[], request: CompletionRequest): Promise<Written> {
    const { uploadId, crc32: sum, signal } = request
    const command = new CompleteMultipartUploadCommand({
      ...{ ...this.#place(key), ...conditions(request), UploadId: uploadId },
      ...(sum === undefined ? {} : { ChecksumCRC32: sum, ChecksumType: 'FULL_OBJECT' }),
      MultipartUpload: {
        Parts: parts.map(({ number, version, crc32: part }) => ({
          PartNumber: number,
          ETag: version,
          ChecksumCRC32: part,
        })),
      },
    })
    return written(await this.#client.send(command, aborted(signal)))
  }

  async abortUpload(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#place(key), UploadId: uploadId })
    await this.#client.send(command, aborted(signal))
  }

  async hasParts(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const command = new ListPartsCommand({ ...this.#place(key), UploadId: uploadId, MaxParts: 1 })
    return ((await this.#client.send(command, aborted(signal))).Parts ?? []).length > 0
  }

  async listUploads({ next, signal }: UploadsRequest): Promise<UploadsAnswer> {
    const command = new ListMultipartUploadsCommand({
      ...{ Bucket: this.#options.bucket, KeyMarker: next?.keyMarker, UploadIdMarker: next?.uploadIdMarker },
    })
    const told = await this.#client.send(command, aborted(signal))
    const uploads = (told.Uploads ?? []).map(({ Key, UploadId, Initiated }) => listedUpload(Key, UploadId, Initiated))
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker = '' } = told
    if (IsTruncated !== true || !NextKeyMarker) return { uploads }
    return { uploads, next: { keyMarker: NextKeyMarker, uploadIdMarker: NextUploadIdMarker } }
  }

  async copy(key: string, { source, signal }: CopyRequest): Promise<Written> {
    const command = new CopyObjectCommand({
      ...{ ...this.#place(key), ...this.#sourceParameters(source), ...this.#encryptionParameters() },
    })
    return written((await this.#client.send(command, aborted(signal))).CopyObjectResult)
  }

  async copyPart(key: string, { source, uploadId, number, signal }: CopyPartRequest): Promise<Written> {
    const { range } = source
    const command = new UploadPartCopyCommand({
      ...{ ...this.#place(key), ...this.#sourceParameters(source), UploadId: uploadId, PartNumber: number },
      ...(range === undefined ? {} : { CopySourceRange: `bytes=${range.start}-${range.end - 1}` }),
    })
    return written((await this.#client.send(command, aborted(signal))).CopyPartResult)
  }

  async list(request: ListRequest): Promise<ListAnswer> {
    const { prefix, delimiter, startAfter, continuation, maxKeys, signal } = request
    const command = new ListObjectsV2Command({
      ...{ Bucket: this.#options.bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: maxKeys },
      ...(continuation === undefined ? { StartAfter: startAfter } : { ContinuationToken: continuation }),
    })
    const told = await this.#client.send(command, aborted(signal))
    return {
      objects: (told.Contents ?? []).map(({ Key = '', Size, ETag, LastModified }) => {
        const modifiedAt = statedTime(LastModified)
        return {
          ...{ key: Key, kind: 'file' as const, size: statedSize(Size ?? 0) },
          ...(ETag === undefined ? {} : { version: ETag }),
          ...(modifiedAt === undefined ? {} : { modifiedAt }),
        }
      }),
      prefixes: (told.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
      ...continuationOf(told.IsTruncated === true, told.NextContinuationToken),
    }
  }

  async delete(keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly DeleteFailure[]> {
    const [only] = keys
    if (keys.length === 1 && only !== undefined && fitsPath(only)) {
      await this.#client.send(new DeleteObjectCommand(this.#place(only)), aborted(signal))
      return []
    }
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true }
    const command = new DeleteObjectsCommand({ Bucket: this.#options.bucket, Delete })
    const { Errors = [] } = await this.#client.send(command, aborted(signal))
    return Errors.map(({ Key = '', Code = '', Message = '' }) => ({ key: Key, code: Code, message: Message }))
  }

  async presign(key: string, { method, expiresIn }: PresignRequest): Promise<Presigned> {
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
    const expiresAt = new Date(Date.now() + expiresIn * 1000)
    if (method === 'GET') {
      const url = await getSignedUrl(this.#client, new GetObjectCommand(this.#place(key)), { expiresIn })
      return { url, headers: {}, expiresAt }
    }
    const { writeHeaders } = this.#options
    const command = new PutObjectCommand({ ...this.#place(key), ...this.#encryptionParameters() })
    const unhoistableHeaders = new Set(Object.keys(writeHeaders))
    return {
      url: await getSignedUrl(this.#client, command, { expiresIn, unhoistableHeaders }),
      ...{ headers: writeHeaders, expiresAt },
    }
  }

  async dispose(): Promise<void> {
    // The client is the store's.
  }

  #place(key: string) {
    return { Bucket: this.#options.bucket, Key: key }
  }

  #checksumOf(bytes: Uint8Array): { ChecksumCRC32?: string } {
    return this.#options.checksums ? { ChecksumCRC32: encodeCrc(crc32.of(bytes)) } : {}
  }

  #objectParameters({ contentType, metadata }: CreationRequest) {
    return {
      ...{ ContentType: contentType ?? 'application/octet-stream', Metadata: { ...metadata } },
      ...this.#encryptionParameters(),
    }
  }

  #encryptionParameters() {
    const { writeHeaders } = this.#options
    return {
      ServerSideEncryption: writeHeaders['x-amz-server-side-encryption'] as ServerSideEncryption | undefined,
      SSEKMSKeyId: writeHeaders['x-amz-server-side-encryption-aws-kms-key-id'],
    }
  }

  #sourceParameters({ key, version }: CopySource) {
    const { bucket } = this.#options
    const place = bucket.startsWith('arn:') ? `${bucket}/object` : bucket
    return { CopySource: [place, ...key.split('/').map(encodeURIComponent)].join('/'), CopySourceIfMatch: version }
  }
}

function aborted(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { abortSignal: signal }
}

function conditions({ ifNoneMatch, ifMatch }: WriteConditions) {
  return { IfNoneMatch: ifNoneMatch, IfMatch: ifMatch }
}
