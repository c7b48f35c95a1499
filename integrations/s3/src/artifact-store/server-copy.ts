/** Copies within a bucket, by the server; the SDK sends these rarer calls. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { ObjectDescription } from './s3-calls.js'

/** The most that one CopyObject takes, and a part of a copy: 5 GiB. */
const largestCopy = 5 * 1024 ** 3
const partSize = 1024 ** 3

export interface ServerCopy {
  readonly bucket: string
  readonly from: string
  readonly to: string
  readonly source: ObjectDescription
  /** Only where the target is absent; CopyObject has no such condition that every server honours, so it goes by parts. */
  readonly ifAbsent: boolean
  readonly parameters: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal | undefined
}

/** Gives the version of the copy. */
export async function copyOnServer(client: S3Client, copy: ServerCopy): Promise<string | undefined> {
  if (copy.ifAbsent || copy.source.size > largestCopy) return copyByParts(client, copy)
  const command = new CopyObjectCommand({
    ...copy.parameters,
    Bucket: copy.bucket,
    Key: copy.to,
    CopySource: copySource(copy),
    CopySourceIfMatch: copy.source.version,
  })
  return (await client.send(command, send(copy))).CopyObjectResult?.ETag
}

async function copyByParts(client: S3Client, copy: ServerCopy): Promise<string | undefined> {
  const { bucket: Bucket, to: Key, source } = copy
  const { contentType: ContentType, metadata: Metadata } = source
  const create = new CreateMultipartUploadCommand({ ...copy.parameters, Bucket, Key, ContentType, Metadata })
  const { UploadId } = await client.send(create, send(copy))
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = []
    for (let start = 0; start < source.size; start += partSize) {
      const PartNumber = Parts.length + 1
      const last = Math.min(start + partSize, source.size) - 1
      const part = new UploadPartCopyCommand({
        ...{ Bucket, Key, UploadId, PartNumber },
        CopySource: copySource(copy),
        CopySourceIfMatch: source.version,
        CopySourceRange: `bytes=${start}-${last}`,
      })
      Parts.push({ PartNumber, ETag: (await client.send(part, send(copy))).CopyPartResult?.ETag })
    }
    const complete = new CompleteMultipartUploadCommand({
      ...{ Bucket, Key, UploadId },
      MultipartUpload: { Parts },
      ...(copy.ifAbsent ? { IfNoneMatch: '*' } : {}),
    })
    return (await client.send(complete, send(copy))).ETag
  } catch (error) {
    // Without the signal: an abort leaves nothing behind either. That it may be gone already is as well.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {})
    throw error
  }
}

function copySource({ bucket, from }: ServerCopy): string {
  return [bucket, ...from.split('/')].map(encodeURIComponent).join('/')
}

function send({ signal }: ServerCopy) {
  return signal === undefined ? {} : { abortSignal: signal }
}
