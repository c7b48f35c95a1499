/** Copies within a bucket, by the server. */
import { versionChanged } from '@stack/core'
import type { CopySource, ObjectDescription, S3Calls, WriteConditions, Written } from '../calls/s3-calls.js'
import { beginUpload } from './begin-upload.js'

/** The most that one CopyObject takes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const largestCopy = 5 * 1024 ** 3
const copiedPart = 1024 ** 3

/** What is copied; keys are those of the bucket. */
export interface ServerCopy {
  readonly from: string
  readonly to: string
  /** What is known of the original. */
  readonly source: ObjectDescription
  readonly signal?: AbortSignal | undefined
  /** Bytes from which on it goes by parts, and of a part; those of S3 unless told. */
  readonly sizes?: { readonly largest: number; readonly part: number }
}

/** Copies at once, or by parts what is too large for that or has conditions, which not every server honours on CopyObject. */
export function copyOnServer(calls: S3Calls, copy: ServerCopy, conditions: WriteConditions): Promise<Written> {
  const { from, to, source, signal, sizes = { largest: largestCopy, part: copiedPart } } = copy
  const conditional = conditions.ifNoneMatch !== undefined || conditions.ifMatch !== undefined
  if (conditional || source.size > sizes.largest) return copyByParts(calls, { ...copy, sizes }, conditions)
  return calls.copy(to, { source: { key: from, version: source.version }, signal })
}

async function copyByParts(
  calls: S3Calls,
  { from, to, source, signal, sizes }: ServerCopy & { readonly sizes: { readonly part: number } },
  conditions: WriteConditions,
): Promise<Written> {
  const { contentType, metadata } = source
  const upload = await beginUpload(calls, to, { contentType, metadata, signal })
  const { uploadId } = upload
  try {
    const parts: { number: number; version: string }[] = []
    for (let start = 0; start < source.size; start += sizes.part) {
      const number = parts.length + 1
      const range = { start, end: Math.min(start + sizes.part, source.size) }
      const original: CopySource = { key: from, version: source.version, range }
      const { version = '' } = await calls.copyPart(to, { source: original, uploadId, number, signal })
      parts.push({ number, version })
    }
    // Ceph copies parts of whatever version there is.
    if ((await calls.head(from, { signal })).version !== source.version) throw versionChanged()
    await upload.removeForerunners()
    return await calls.completeUpload(to, parts, { ...conditions, uploadId, signal })
  } catch (error) {
    // Without the signal: an abort leaves nothing behind either. That it may be gone already is as well.
    await upload.removeForerunners()
    await calls.abortUpload(to, uploadId, undefined).catch(() => {})
    throw error
  }
}
