/** The multipart uploads below a root that somebody began and neither completed nor aborted. */
import type { UnfinishedUpload } from '@stack/core'
import type { BucketLocation } from '@stack/object-http'
import type { ListedUpload, S3Calls, UploadsMarker } from './s3-calls.js'
import { meansUploadGone } from './s3-error.js'

/** Those of the whole bucket are listed and picked from, since some servers take the name of an object for a prefix. */
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
  const abort = async ({ key, uploadId }: ListedUpload, during: AbortSignal | undefined): Promise<void> => {
    try {
      await calls.abortUpload(key, uploadId, during)
    } catch (error) {
      if (!meansUploadGone(error)) throw error
    }
  }
  let next: UploadsMarker | undefined
  do {
    const page = await attempt(() => calls.listUploads({ next, signal }))
    for (const upload of page.uploads) {
      if (!upload.key.startsWith(location.prefix)) continue
      yield {
        key: location.storeKey(upload.key),
        startedAt: upload.startedAt,
        abort: (during) => attempt(() => abort(upload, during.signal)),
      }
    }
    next = page.next
  } while (next !== undefined)
}
