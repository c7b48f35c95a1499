/** Asks why a HEAD was refused: its answer has no body that says whether the permission, the signature, the token, the region or the time is wrong. */

import { statusOf } from '../failures/s3-error.js'
import type { ObjectDescription, ReadRequest, S3Calls } from './s3-calls.js'

const unexplained = new Set([301, 400, 403])
/** Refusals of one HEAD whose reason is asked for. */
const maximumExplanations = 4

/** Runs a HEAD; where it is refused, reads a byte and throws the reason, or runs it again where there is none any more. */
export async function explainRefusal(
  calls: Pick<S3Calls, 'get'>,
  key: string,
  { signal }: ReadRequest,
  head: () => Promise<ObjectDescription>,
): Promise<ObjectDescription> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await head()
    } catch (error) {
      if (!unexplained.has(statusOf(error)) || attempts === maximumExplanations) throw error
      // An empty object has no first byte, and is readable all the same.
      const opened = await calls.get(key, { range: 'bytes=0-0', signal }).catch((reason: unknown) => {
        if (statusOf(reason) !== 416) throw reason
      })
      opened?.close()
    }
  }
}
