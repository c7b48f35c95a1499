/** What `verify` tries of a bucket beyond what it tries of every store: what the server makes of conditions and checksums. */
import { randomUUID } from 'node:crypto'
import { isStackError, type VerifyCheck } from '@stack/core'
import { type BucketLocation, crc32, encodeCrc } from '@stack/object-http'
import type { S3Calls } from '../calls/s3-calls.js'
import { type S3Subject, toS3Error } from '../failures/s3-error.js'
import { type ConditionProbe, probeConditions } from './probe-conditions.js'

export interface BucketVerification {
  readonly calls: S3Calls
  readonly location: BucketLocation
  readonly subject: S3Subject
  /** What the config says of the server. */
  readonly conditionalWrites: boolean
  readonly signal?: AbortSignal | undefined
}

/** Tries one thing after the other; where nothing can be written, no more. */
export async function* verifyBucket(bucket: BucketVerification): AsyncGenerator<VerifyCheck, void, undefined> {
  const { calls, location, signal } = bucket
  const key = location.objectKey(`.stack-verify-${randomUUID()}`)
  try {
    yield await tryChecksum(bucket, key)
  } catch (error) {
    yield failed('checksums', error, bucket)
    return
  }
  try {
    yield describeProbe(await probeConditions(calls, key, signal), bucket)
  } catch (error) {
    yield failed('conditions', error, bucket)
  }
}

function failed(name: string, thrown: unknown, { subject, signal }: BucketVerification): VerifyCheck {
  const error = toS3Error(thrown, subject, signal)
  if (signal?.aborted) throw error
  if (!isStackError(error)) return { name, status: 'failed', message: String(error) }
  const { message, code, hint } = error
  return { name, status: 'failed', message, code, ...(hint === undefined ? {} : { hint }) }
}

async function tryChecksum({ calls, signal }: BucketVerification, key: string): Promise<VerifyCheck> {
  const name = 'checksums'
  const bytes = Buffer.from('canary')
  try {
    signal?.throwIfAborted()
    // Not broken off: a server may finish that after the canary was removed.
    const { crc32: sent } = await calls.put(key, { kind: 'bytes', bytes }, {})
    if (sent === undefined) return { name, status: 'ok', message: 'writes carry no checksums, as the store is told' }
    const { crc32: kept } = await calls.head(key, { signal })
    if (kept === encodeCrc(crc32.of(bytes))) {
      return { name, status: 'ok', message: 'the server keeps the CRC-32 of what is written' }
    }
    return {
      ...{ name, status: 'warning', message: 'the server keeps no CRC-32, so what is read is not checked' },
      hint: 'stack artifact-store update NAME --checksums=when-required',
    }
  } finally {
    await calls.delete([key], undefined)
  }
}

function describeProbe(probe: ConditionProbe, { conditionalWrites }: BucketVerification): VerifyCheck {
  const name = 'conditions'
  const { conditionalCreate, conditionalComplete, conditionalUpdate } = probe
  const ignored = [...(conditionalCreate ? [] : ['If-None-Match']), ...(conditionalUpdate ? [] : ['If-Match'])]
  if (ignored.length === 0 && !conditionalComplete) {
    const message = 'the server honours all conditions but those of objects that arrive in parts'
    const hint = 'Let no two processes write the same large object at the same time.'
    return { name, status: 'warning', message, hint }
  }
  if (ignored.length === 0) {
    if (conditionalWrites) return { name, status: 'ok', message: 'the server honours all conditions' }
    const hint = 'stack artifact-store update NAME --conditionalWrites=true'
    return { name, status: 'warning', message: 'the server honours all conditions, and is not asked to', hint }
  }
  const message = `the server ignores ${ignored.join(' and ')}`
  if (!conditionalWrites) return { name, status: 'ok', message: `${message}, as the store is told` }
  return { name, status: 'failed', message, hint: 'stack artifact-store update NAME --conditionalWrites=false' }
}
