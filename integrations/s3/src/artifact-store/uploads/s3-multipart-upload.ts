/** An object that arrives in parts, under the conditions of a write. */
import { setTimeout } from 'node:timers/promises'
import {
  combineCrc,
  type MultipartUpload,
  type OperationOptions,
  type PartOptions,
  type PartResult,
  type PartSource,
  type PutResult,
  StackError,
} from '@stack/core'
import { encodeCrc } from '@stack/object-http'
import type { S3Calls } from '../calls/s3-calls.js'
import type { ConditionalWrite, ConditionalWrites } from '../conditional-writes.js'
import type { BegunUpload } from './begin-upload.js'
import { abortUpload } from './unfinished-uploads.js'

const crcPrefix = 'crc32:'
const mebibyte = 1024 ** 2
/** How long an upload is given to come back after it was aborted, before it is aborted again. */
const pausesMs = [100, 400, 1000]

export interface S3MultipartUploadOptions {
  readonly calls: S3Calls
  readonly writes: ConditionalWrites
  readonly write: ConditionalWrite
  readonly upload: BegunUpload
  /** The error to throw for one of the wire or the SDK. */
  toError(error: unknown, signal: AbortSignal | undefined): unknown
}

export class S3MultipartUpload implements MultipartUpload {
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
  readonly partSize = { min: 5 * mebibyte, max: 5 * 1024 * mebibyte }
  readonly maxParts = 10_000
  readonly #options: S3MultipartUploadOptions
  /** A request was broken off, and may still be under way in the server. */
  #brokenOff = false

  constructor(options: S3MultipartUploadOptions) {
    this.#options = options
  }

  async checksum(source: PartSource, { signal }: OperationOptions): Promise<string | undefined> {
    try {
      return await this.#options.calls.partChecksum?.(source, signal)
    } catch (error) {
      throw this.#options.toError(error, signal)
    }
  }

  part(number: number, source: PartSource, { signal, checksum }: PartOptions): Promise<PartResult> {
    const { calls, write, upload } = this.#options
    return this.#attempt(signal, async () => {
      const request = { uploadId: upload.uploadId, number, crc32: checksum, signal }
      const { version, crc32 } = await calls.uploadPart(write.key, source, request)
      return {
        number,
        size: source.kind === 'bytes' ? source.bytes.byteLength : source.size,
        ...(version === undefined ? {} : { version }),
        ...(crc32 === undefined ? {} : { checksum: crcPrefix + crc32 }),
      }
    })
  }

  complete(parts: readonly PartResult[], { signal }: OperationOptions): Promise<PutResult> {
    const { calls, writes, upload } = this.#options
    return this.#attempt(signal, async () => {
      const size = parts.reduce((sum, part) => sum + part.size, 0)
      const crc32 = wholeCrc32(parts)
      const write = { ...this.#options.write, crc32, signal }
      const uploaded = parts.map(({ number, version = '', checksum }) => ({
        ...{ number, version },
        ...(checksum === undefined ? {} : { crc32: checksum.slice(crcPrefix.length) }),
      }))
      await upload.removeForerunners()
      const { version } = await writes.run(write, (conditions) =>
        calls.completeUpload(write.key, uploaded, { ...conditions, uploadId: upload.uploadId, crc32, signal }),
      )
      checkCount(version, parts.length)
      return { size, ...(version === undefined ? {} : { version }) }
    })
  }

  abort(): Promise<void> {
    const { calls, upload } = this.#options
    return this.#attempt(undefined, async () => {
      await upload.removeForerunners()
      await abortUpload(calls, upload, undefined)
      // A part that arrives meanwhile brings the upload back: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
      for (const pauseMs of this.#brokenOff ? pausesMs : []) {
        await setTimeout(pauseMs)
        if ((await abortUpload(calls, upload, undefined)) === 'gone') return
      }
    })
  }

  async #attempt<Answer>(signal: AbortSignal | undefined, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run()
    } catch (error) {
      this.#brokenOff = true
      throw this.#options.toError(error, signal)
    }
  }
}

/** Of the whole object, from those of its parts; nothing where one is missing. */
function wholeCrc32(parts: readonly PartResult[]): string | undefined {
  let whole = 0
  for (const { checksum, size } of parts) {
    if (checksum === undefined) return undefined
    whole = combineCrc('crc32', whole, Buffer.from(checksum.slice(crcPrefix.length), 'base64').readUInt32BE(), size)
  }
  return encodeCrc(whole)
}

/** The ETag of an object that came in parts ends with their count; a server that did not read all of them tells so. */
function checkCount(version: string | undefined, parts: number): void {
  const [, count] = /-(\d+)"?$/.exec(version ?? '') ?? []
  if (count === undefined || Number(count) === parts) return
  throw new StackError('checksum-mismatch', `the server put ${count} parts together, not the ${parts} that it was sent`)
}
