/** Finds out whether a server honours conditions on writes; some ignore them without a word. */
import { isStackError } from '@stack/core'
import type { S3Calls } from '../calls/s3-calls.js'
import { type ConditionalWrite, ConditionalWrites } from '../conditional-writes.js'
import { statusOf } from '../failures/s3-error.js'

export interface ConditionProbe {
  /** `If-None-Match: *` refuses where the object exists. */
  readonly conditionalCreate: boolean
  /** The same where an object arrives in parts. */
  readonly conditionalComplete: boolean
  /** `If-Match` refuses where the object has another version, and takes the one it has. */
  readonly conditionalUpdate: boolean
}

/** Writes a canary at a key of the bucket, tries what has to be refused, and removes it whatever comes. */
export async function probeConditions(
  calls: S3Calls,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ConditionProbe> {
  const writes = new ConditionalWrites(calls, true)
  const bytes = Buffer.from('canary')
  // Writes are not broken off: a server may finish that after the canary was removed.
  const put = async (write: Omit<ConditionalWrite, 'key'>) => {
    signal?.throwIfAborted()
    return writes.run({ ...write, key }, (conditions) => calls.put(key, { kind: 'bytes', bytes }, conditions))
  }
  const complete = async () => {
    signal?.throwIfAborted()
    const { uploadId } = await calls.createUpload(key, {})
    try {
      const { version = '' } = await calls.uploadPart(key, { kind: 'bytes', bytes }, { uploadId, number: 1 })
      await writes.run({ key, ifAbsent: true }, (conditions) =>
        calls.completeUpload(key, [{ number: 1, version }], { ...conditions, uploadId }),
      )
    } catch (error) {
      await calls.abortUpload(key, uploadId, undefined).catch(() => {})
      throw error
    }
  }
  try {
    const { version } = await put({})
    return {
      conditionalCreate: await isRefused(() => put({ ifAbsent: true })),
      conditionalUpdate:
        version !== undefined &&
        !(await isRefused(() => put({ ifMatch: version }))) &&
        (await isRefused(() => put({ ifMatch: '"00000000000000000000000000000000"' }))),
      // Last, as it may make another version.
      conditionalComplete: await isRefused(complete),
    }
  } finally {
    // Without the signal: an abort leaves no canary behind either.
    await calls.delete([key], undefined)
  }
}

/** Says whether a condition was told not to hold; a server that does not offer it refuses otherwise. */
async function isRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return false
  } catch (error) {
    if (isStackError(error, 'already-exists') || isStackError(error, 'precondition-failed')) return true
    if (statusOf(error) === 501) return false
    throw error
  }
}
