/** Deletes objects, many with each request. */
import { StackError } from '@stack/core'
import type { DeleteFailure, S3Calls } from './calls/s3-calls.js'
import { isTransientCode } from './failures/transient-failure.js'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deletedAtOnce = 1000

/** A key of the bucket that could not be deleted. */
export interface FailedDeletion {
  readonly key: string
  readonly error: unknown
}

/** Deletes keys of the bucket; what failed in passing among many is tried again by itself. */
export async function deleteObjects(
  calls: S3Calls,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly FailedDeletion[]> {
  const failed: FailedDeletion[] = []
  for (let start = 0; start < keys.length; start += deletedAtOnce) {
    for (const failure of await calls.delete(keys.slice(start, start + deletedAtOnce), signal)) {
      const error = await settle(calls, failure, signal)
      if (error !== undefined) failed.push({ key: failure.key, error })
    }
  }
  return failed
}

async function settle(calls: S3Calls, failure: DeleteFailure, signal: AbortSignal | undefined): Promise<unknown> {
  const { key, code, message } = failure
  if (code === 'NoSuchKey') return undefined
  if (!isTransientCode(code)) {
    return new StackError(code === 'AccessDenied' ? 'permission-denied' : 'unavailable', message || code)
  }
  try {
    await calls.delete([key], signal)
    return undefined
  } catch (error) {
    return error
  }
}
