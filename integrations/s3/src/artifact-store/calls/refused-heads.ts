/** Asks why a HEAD was refused: its answer has no body that says whether the bucket, the permission, the signature, the token, the region or the time is wrong. */

import { meansAbsent, statusOf } from '../failures/s3-error.js'
import type { ObjectDescription, ReadRequest, S3Calls } from './s3-calls.js'

const unexplained = new Set([301, 307, 308, 400, 403])
/** Refusals of one HEAD whose reason is asked for. */
const maximumExplanations = 4

export class RefusedHeads {
  readonly #calls: Pick<S3Calls, 'get'>
  /** An object was found in the bucket, or was absent from it: until then a 404 may mean the bucket. */
  #bucketIsThere = false

  constructor(calls: Pick<S3Calls, 'get'>) {
    this.#calls = calls
  }

  /** Runs a HEAD; where it is refused, reads a byte and throws the reason, or runs it again where there is none any more. */
  async explain(
    key: string,
    { signal }: ReadRequest,
    head: () => Promise<ObjectDescription>,
  ): Promise<ObjectDescription> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const found = await head()
        this.#bucketIsThere = true
        return found
      } catch (error) {
        const absent = meansAbsent(error)
        if (absent ? this.#bucketIsThere : !unexplained.has(statusOf(error))) throw error
        if (attempts === maximumExplanations) throw error
        // An empty object has no first byte, and is readable all the same.
        const opened = await this.#calls.get(key, { range: 'bytes=0-0', signal }).catch((reason: unknown) => {
          if (statusOf(reason) === 416) return
          if (absent && meansAbsent(reason)) this.#bucketIsThere = true
          throw reason
        })
        opened?.close()
      }
    }
  }
}
