/** The lean way to the server: each call as one request, or as few as it takes. */
import { createHash } from 'node:crypto'
import { type PartSource, StackError } from '@stack/core'
import { answerLimits, statedSize } from '@stack/object-http'
import { fitsPath } from '../calls/fits-path.js'
import { describeObject, rangeOf, textOf, versionOf } from '../calls/object-headers.js'
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
  WriteRequest,
  Written,
} from '../calls/s3-calls.js'
import { S3AnswerError } from '../failures/answer-error.js'
import { crc32Of } from './body-checksum.js'
import { RequestSender, type RequestSenderOptions, TrailerRefused, type WireRequest } from './request-sender.js'
import { encodePath } from './request-signer.js'
import { readTexts } from './xml/flat-xml.js'
import { ListingKeys } from './xml/listing-keys.js'
import { fitsXml, type ListPageXml, readDeleteFailures, readListPage, writeDeletion } from './xml/listing-xml.js'
import { readUploads, writeCompletion } from './xml/multipart-xml.js'

export interface DataPlaneOptions extends RequestSenderOptions {
  readonly bucket: string
  /** Writes carry a CRC-32, and whole reads are checked against it. */
  readonly checksums: boolean
  /** Headers of every write, for encryption. */
  readonly writeHeaders: Readonly<Record<string, string>>
}

type Headers = Readonly<Record<string, string | undefined>>

export class DataPlane implements S3Calls {
  readonly #options: DataPlaneOptions
  readonly #sender: RequestSender
  readonly #refusedHeads = new RefusedHeads(this)
  readonly #listingKeys = new ListingKeys((request) => this.#firstKey(request))
  /** Asks for the checksum of the object. */
  readonly #checksumMode: 'ENABLED' | undefined
  /** The server takes the checksum of a part after it, as far as is known. */
  #takesTrailers = true
  /** One at a time: the first of many parts is to be on its way soon, and not all of them after a while. */
  #checksumsBefore: Promise<unknown> = Promise.resolve()

  constructor(options: DataPlaneOptions) {
    this.#options = options
    this.#sender = new RequestSender(options)
    this.#checksumMode = options.checksums ? 'ENABLED' : undefined
  }

  head(key: string, request: ReadRequest): Promise<ObjectDescription> {
    return this.#refusedHeads.explain(key, request, () => this.#head(key, request))
  }

  async get(key: string, { range, ifMatch, signal }: ReadRequest): Promise<DescribedBody> {
    const mode = range === undefined ? this.#checksumMode : undefined
    const headers = { range, 'if-match': ifMatch, 'x-amz-checksum-mode': mode }
    const { statusCode, headers: told, body } = await this.#sender.send({ method: 'GET', key, headers, signal })
    const { total, ...held } = rangeOf(statusCode, told, () => body.close())
    return {
      description: describeObject(told, total),
      range: held,
      chunks: body,
      fill: (target, placed) => body.fill(target, placed),
      close: () => body.close(),
    }
  }

  put(key: string, body: PartSource, request: WriteRequest): Promise<Written> {
    const headers = { ...conditionHeaders(request), ...this.#objectHeaders(request) }
    return this.#write({ method: 'PUT', key, body, headers, signal: request.signal })
  }

  async createUpload(key: string, request: CreationRequest): Promise<CreatedUpload> {
    const checked = this.#options.checksums && request.checksums === true
    const headers = {
      ...this.#objectHeaders(request),
      ...(checked ? { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' } : {}),
    }
    const { signal } = request
    const began = performance.now()
    let attempts = 0
    const name = 'InitiateMultipartUploadResult'
    const wire = { method: 'POST', key, query: { uploads: '' }, headers, signal, name } as const
    const xml = await this.#sender.sendForXml(wire, () => {
      attempts += 1
    })
    const { UploadId } = readTexts(xml)
    if (!UploadId) throw new StackError('unavailable', 'the server began an upload without a name')
    return { uploadId: UploadId, ...(attempts > 1 ? { retriedMs: performance.now() - began } : {}) }
  }

  async partChecksum(body: PartSource, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (!this.#options.checksums || this.#mayTrail(body)) return undefined
    const sum = this.#checksumsBefore.then(() => crc32Of(body, signal))
    this.#checksumsBefore = sum.catch(() => {})
    return sum
  }

  async uploadPart(key: string, body: PartSource, request: PartRequest): Promise<Written> {
    const { uploadId, number, crc32, signal } = request
    const query = { partNumber: String(number), uploadId }
    const wire = { method: 'PUT', key, body, query, signal } as const
    const trailing = crc32 === undefined && this.#mayTrail(body)
    return (trailing ? await this.#writeTrailing(wire) : undefined) ?? this.#write(wire, crc32)
  }

  async completeUpload(key: string, parts: readonly UploadedPart[], request: CompletionRequest): Promise<Written> {
    const { uploadId, crc32: sum, signal } = request
    const headers = {
      'content-type': 'application/xml',
      ...conditionHeaders(request),
      ...(sum === undefined ? {} : { 'x-amz-checksum-crc32': sum, 'x-amz-checksum-type': 'FULL_OBJECT' }),
    }
    const body: PartSource = { kind: 'bytes', bytes: Buffer.from(writeCompletion(parts)) }
    const name = 'CompleteMultipartUploadResult'
    const xml = await this.#sender.sendForXml({ method: 'POST', key, query: { uploadId }, headers, body, signal, name })
    return versionIn(xml)
  }

  async abortUpload(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<void> {
    await this.#sender.sendForHeaders({ method: 'DELETE', key, query: { uploadId }, signal })
  }

  async hasParts(key: string, uploadId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const query = { uploadId, 'max-parts': '1' }
    const name = 'ListPartsResult'
    const xml = await this.#sender.sendForXml({ method: 'GET', key, query, signal, name })
    return readTexts(xml).PartNumber !== undefined
  }

  async listUploads({ next, signal }: UploadsRequest): Promise<UploadsAnswer> {
    const query = { uploads: '', 'key-marker': next?.keyMarker, 'upload-id-marker': next?.uploadIdMarker }
    const expected = { name: 'ListMultipartUploadsResult', limit: answerLimits.listing } as const
    return readUploads(await this.#sender.sendForXml({ method: 'GET', query, signal, ...expected }))
  }

  async copy(key: string, { source, signal }: CopyRequest): Promise<Written> {
    const headers = { ...this.#options.writeHeaders, ...this.#sourceHeaders(source) }
    const name = 'CopyObjectResult'
    return versionIn(await this.#sender.sendForXml({ method: 'PUT', key, headers, signal, name }))
  }

  async copyPart(key: string, { source, uploadId, number, signal }: CopyPartRequest): Promise<Written> {
    const query = { partNumber: String(number), uploadId }
    const headers = this.#sourceHeaders(source)
    const name = 'CopyPartResult'
    return versionIn(await this.#sender.sendForXml({ method: 'PUT', key, query, headers, signal, name }))
  }

  async list(request: ListRequest): Promise<ListAnswer> {
    const xml = await this.#listXml(request)
    const { startAfter: _, ...page } = readListPage(xml, await this.#listingKeys.decoder(xml, request))
    return page
  }

  async delete(keys: readonly string[], signal: AbortSignal | undefined): Promise<readonly DeleteFailure[]> {
    const isAlone = (key: string) => !fitsXml(key) || (keys.length === 1 && fitsPath(key))
    const together = keys.filter((key) => !isAlone(key))
    for (const key of keys.filter(isAlone)) await this.#deleteOne(key, signal)
    if (together.length === 0) return []
    const bytes = Buffer.from(writeDeletion(together))
    // The one checksum of a deletion that every server takes.
    const headers = {
      'content-type': 'application/xml',
      'content-md5': createHash('md5').update(bytes).digest('base64'),
    }
    const body: PartSource = { kind: 'bytes', bytes }
    const expected = { name: 'DeleteResult', limit: answerLimits.listing } as const
    const wire = { method: 'POST', query: { delete: '' }, headers, body, signal } as const
    return readDeleteFailures(await this.#sender.sendForXml({ ...wire, ...expected }))
  }

  async presign(key: string, { method, expiresIn }: PresignRequest): Promise<Presigned> {
    const headers = method === 'PUT' ? this.#options.writeHeaders : {}
    return { ...(await this.#sender.presign({ method, key, headers, expiresIn })), headers }
  }

  dispose(): Promise<void> {
    return this.#sender.dispose()
  }

  async #head(key: string, { ifMatch, signal }: ReadRequest): Promise<ObjectDescription> {
    const headers = { 'if-match': ifMatch, 'x-amz-checksum-mode': this.#checksumMode }
    const told = await this.#sender.sendForHeaders({ method: 'HEAD', key, headers, signal })
    return describeObject(told, statedSize(textOf(told['content-length'])))
  }

  async #deleteOne(key: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#sender.sendForHeaders({ method: 'DELETE', key, signal })
    } catch (error) {
      if (!(error instanceof S3AnswerError && error.code === 'NoSuchKey')) throw error
    }
  }

  async #write(request: WireRequest & { readonly body: PartSource }, crc32?: string): Promise<Written> {
    const { body } = request
    const sum = crc32 ?? (this.#options.checksums ? await crc32Of(body, request.signal) : undefined)
    const headers = { ...request.headers, 'x-amz-checksum-crc32': sum }
    const told = await this.#sender.sendForHeaders({ ...request, headers }, (answer) => {
      const arrived = textOf(answer['x-amz-checksum-crc32'])
      if (sum !== undefined && arrived !== undefined && arrived !== sum) throw changedOnTheWay()
    })
    return { ...versionOf(told), ...(sum === undefined ? {} : { crc32: sum }) }
  }

  #mayTrail(body: PartSource): boolean {
    return this.#options.checksums && this.#takesTrailers && !this.#sender.signsBodies && body.kind === 'file'
  }

  /** Undefined where the server does not take the checksum so: the part has to be sent again, and takes the place of this one. */
  async #writeTrailing(request: WireRequest): Promise<Written | undefined> {
    let sum: string | undefined
    const trailing = (crc32: string): void => {
      sum = crc32
    }
    try {
      const told = await this.#sender.sendForHeaders({ ...request, trailing })
      const arrived = textOf(told['x-amz-checksum-crc32'])
      if (sum !== undefined && arrived === sum) return { ...versionOf(told), crc32: sum }
    } catch (error) {
      if (!(error instanceof TrailerRefused)) throw error
    }
    this.#takesTrailers = false
    return undefined
  }

  #objectHeaders({ contentType, metadata }: CreationRequest): Headers {
    const headers: Record<string, string> = {
      ...this.#options.writeHeaders,
      'content-type': contentType ?? 'application/octet-stream',
    }
    for (const [name, value] of Object.entries(metadata ?? {})) headers[`x-amz-meta-${name}`] = value
    return headers
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html: of an access point, `arn/object/key`. */
  #sourceHeaders({ key, version, range }: CopySource): Headers {
    const { bucket } = this.#options
    const place = bucket.startsWith('arn:') ? `${bucket}/object` : bucket
    return {
      'x-amz-copy-source': `${encodePath(place)}/${encodePath(key)}`,
      'x-amz-copy-source-if-match': version,
      'x-amz-copy-source-range': range && `bytes=${range.start}-${range.end - 1}`,
    }
  }

  #listXml({ prefix, delimiter, startAfter, continuation, maxKeys, signal }: ListRequest): Promise<string> {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      delimiter,
      'start-after': continuation === undefined ? startAfter : undefined,
      'continuation-token': continuation,
      'max-keys': maxKeys?.toString(),
    }
    const expected = { name: 'ListBucketResult', limit: answerLimits.listing } as const
    return this.#sender.sendForXml({ method: 'GET', query, signal, ...expected })
  }

  async #firstKey(request: Pick<ListRequest, 'prefix' | 'startAfter'>): Promise<ListPageXml> {
    return readListPage(await this.#listXml({ ...request, maxKeys: 1 }), (text) => text)
  }
}

function conditionHeaders({ ifNoneMatch, ifMatch }: WriteRequest): Headers {
  return { 'if-none-match': ifNoneMatch, 'if-match': ifMatch }
}

/** Some write it without its quotes here. */
function versionIn(xml: string): Written {
  const { ETag } = readTexts(xml)
  if (!ETag) return {}
  return { version: ETag.endsWith('"') ? ETag : `"${ETag}"` }
}

/** As a server says it, so that it is sent again. */
function changedOnTheWay(): S3AnswerError {
  return new S3AnswerError({ status: 400, code: 'BadDigest', message: 'another CRC-32 arrived', headers: {} })
}
