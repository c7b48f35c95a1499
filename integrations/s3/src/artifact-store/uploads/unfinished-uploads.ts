/** The multipart uploads below a root that somebody began and neither completed nor aborted. */
import { compareKeys, type UnfinishedUpload } from '@stack/core'
import { type BucketLocation, Continuations } from '@stack/object-http'
import type { ListedUpload, S3Calls, UploadsAnswer, UploadsMarker } from '../calls/s3-calls.js'
import { meansUploadGone } from '../failures/s3-error.js'

/** Picks those of the root from those of the bucket. */
export async function* unfinishedUploads(
  calls: S3Calls,
  location: BucketLocation,
  options: { readonly signal?: AbortSignal | undefined; readonly toError: (error: unknown) => unknown },
): AsyncGenerator<UnfinishedUpload, void, undefined> {
  const { signal, toError } = options
  const attempt = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await run()
    } catch (error) {
      throw toError(error)
    }
  }
  const uploads = allUploads(calls, signal)
  for (;;) {
    const step = await attempt(() => uploads.next())
    if (step.done) return
    const { key, uploadId, startedAt } = step.value
    if (!key.startsWith(location.prefix)) continue
    const abort = (during: AbortSignal | undefined) => abortUpload(calls, { key, uploadId }, during)
    yield {
      key: location.storeKey(key),
      startedAt,
      abort: (during) => attempt(async () => void (await abort(during.signal))),
    }
  }
}

/** Those of the whole bucket, since some servers take the name of an object for a prefix. */
export async function* allUploads(
  calls: S3Calls,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedUpload, void, undefined> {
  const continuations = new Continuations()
  let next: UploadsMarker | undefined
  do {
    const page: UploadsAnswer = await calls.listUploads({ next, signal })
    yield* page.uploads
    const before = next?.keyMarker ?? ''
    next = page.next
    if (next !== undefined) continuations.next(JSON.stringify(next), compareKeys(next.keyMarker, before) > 0)
  } while (next !== undefined)
}

/** Removes what has arrived, and says whether it was there; that nothing is left of it any more is a success. */
export async function abortUpload(
  calls: S3Calls,
  { key, uploadId }: Pick<ListedUpload, 'key' | 'uploadId'>,
  signal: AbortSignal | undefined,
): Promise<'removed' | 'gone'> {
  try {
    await calls.abortUpload(key, uploadId, signal)
    return 'removed'
  } catch (error) {
    if (!meansUploadGone(error)) throw error
    return 'gone'
  }
}
