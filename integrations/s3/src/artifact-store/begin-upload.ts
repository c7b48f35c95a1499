/** Begins a multipart upload, and knows what a lost answer to that has left behind. */
import type { CreationRequest, S3Calls } from './s3-calls.js'
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
  let removed = retriedMs === undefined
  return {
    ...{ key, uploadId },
    async removeForerunners() {
      if (removed) return
      removed = true
      await removeForerunners(calls, { key, uploadId, sinceMs: (retriedMs ?? 0) + roundingMs }).catch(() => {})
    },
  }
}

/** Those of the same key that began in the time that this one took to begin, and to which nobody has sent a part. */
async function removeForerunners(
  calls: S3Calls,
  { key, uploadId, sinceMs }: { readonly key: string; readonly uploadId: string; readonly sinceMs: number },
): Promise<void> {
  const found = []
  for await (const upload of allUploads(calls, undefined)) if (upload.key === key) found.push(upload)
  const own = found.find((upload) => upload.uploadId === uploadId)?.startedAt.getTime() ?? Number.NaN
  for (const { uploadId: other, startedAt } of found) {
    const early = own - startedAt.getTime()
    if (other === uploadId || !(early >= 0 && early <= sinceMs)) continue
    if (!(await calls.hasParts(key, other, undefined))) await abortUpload(calls, { key, uploadId: other }, undefined)
  }
}
