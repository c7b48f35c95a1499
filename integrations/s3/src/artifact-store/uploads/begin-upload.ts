/** Begins a multipart upload, and knows what a lost answer to that has left behind. */
import type { CreationRequest, S3Calls } from '../calls/s3-calls.js'
import { abortUpload, allUploads } from './unfinished-uploads.js'

/** An upload that was begun. */
export interface BegunUpload {
  readonly key: string
  readonly uploadId: string
  /** Removes the uploads that were begun in vain before this one, their answers lost; does its best only, as `verify` finds the rest. */
  removeForerunners(): Promise<void>
}

/** Times of servers are cut to seconds. */
const roundingMs = 1000

/** Begins an upload at a key of the bucket. */
export async function beginUpload(calls: S3Calls, key: string, request: CreationRequest): Promise<BegunUpload> {
  const { uploadId, retriedMs } = await calls.createUpload(key, request)
  const begun = { key, uploadId }
  if (retriedMs === undefined) return { ...begun, removeForerunners: async () => {} }
  let forerunners = await findForerunners(calls, begun, retriedMs + roundingMs).catch(() => [])
  return {
    ...begun,
    async removeForerunners() {
      const found = forerunners
      forerunners = []
      for (const forerunner of found) await removeUnused(calls, key, forerunner).catch(() => {})
    },
  }
}

/**
 * Those of the same key that began in the time that this one took to begin. They are looked for at once, since the Versity gateway
 * takes the time of an upload's last part for that of its beginning.
 */
async function findForerunners(
  calls: S3Calls,
  { key, uploadId }: Pick<BegunUpload, 'key' | 'uploadId'>,
  tookMs: number,
): Promise<readonly string[]> {
  const found = []
  for await (const upload of allUploads(calls, undefined)) if (upload.key === key) found.push(upload)
  const own = found.find((upload) => upload.uploadId === uploadId)?.startedAt.getTime() ?? Number.NaN
  return found
    .filter((upload) => upload.uploadId !== uploadId && Math.abs(own - upload.startedAt.getTime()) <= tookMs)
    .map((upload) => upload.uploadId)
}

/** Another writer of the key has sent a part meanwhile. */
async function removeUnused(calls: S3Calls, key: string, uploadId: string): Promise<void> {
  if (!(await calls.hasParts(key, uploadId, undefined))) await abortUpload(calls, { key, uploadId }, undefined)
}
