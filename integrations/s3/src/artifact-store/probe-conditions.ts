/** Finds out whether a server honours conditions on writes; some ignore them without a word. */
import { randomUUID } from 'node:crypto'
import type { BucketLocation } from '@stack/object-http'
import type { S3Calls, WriteRequest } from './s3-calls.js'
import { meansAbsent, statusOf } from './s3-error.js'

export interface ConditionProbe {
  /** `If-None-Match: *` refuses where the object exists. */
  readonly conditionalCreate: boolean
  /** `If-Match` refuses where the object has another version. */
  readonly conditionalUpdate: boolean
}

/** Writes a canary, tries what has to be refused, and removes it whatever comes. */
export async function probeConditions(
  calls: S3Calls,
  location: BucketLocation,
  signal: AbortSignal | undefined,
): Promise<ConditionProbe> {
  const key = location.objectKey(`.stack-probe-${randomUUID()}`)
  const write = (text: string, request: WriteRequest) =>
    calls.put(key, { kind: 'bytes', bytes: Buffer.from(text) }, { ...request, signal })
  const refuses = async (request: WriteRequest): Promise<boolean> => {
    try {
      await write('again', request)
      return false
    } catch (error) {
      if ([409, 412, 501].includes(statusOf(error)) || meansAbsent(error)) return statusOf(error) !== 501
      throw error
    }
  }
  try {
    await write('first', {})
    return {
      conditionalCreate: await refuses({ ifNoneMatch: '*' }),
      conditionalUpdate: await refuses({ ifMatch: '"00000000000000000000000000000000"' }),
    }
  } finally {
    // Without the signal: an abort leaves no canary behind either.
    await calls.delete([key], undefined)
  }
}
