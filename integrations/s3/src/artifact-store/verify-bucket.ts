/** What `verify` tries of a bucket beyond what it tries of every store. */
import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isStackError, type VerifyCheck } from '@stack/core'
import { type BucketLocation, encodeCrc } from '@stack/object-http'
import { type ConditionProbe, probeConditions } from './probe-conditions.js'
import type { S3Calls } from './s3-calls.js'
import { type S3Subject, toS3Error } from './s3-error.js'

export interface BucketVerification {
  readonly calls: S3Calls
  readonly location: BucketLocation
  readonly subject: S3Subject
  /** What the config says of the server. */
  readonly conditionalWrites: boolean
  readonly signal?: AbortSignal | undefined
}

/** What was found, but for the name of the check. */
type Finding = Omit<VerifyCheck, 'name'>

/** Tries one thing after the other; where the bucket does not answer, nothing more. */
export async function* verifyBucket(bucket: BucketVerification): AsyncGenerator<VerifyCheck, void, undefined> {
  const { calls, location, subject, signal } = bucket
  const key = location.objectKey(`.stack-verify-${randomUUID()}`)
  const run = async (name: string, find: () => Promise<Finding>): Promise<VerifyCheck> => ({
    name,
    ...(await find().catch((error: unknown) => failed(toS3Error(error, subject, signal), signal))),
  })

  const answers = await run('bucket', async () => {
    await calls.list({ prefix: location.prefix, maxKeys: 1, signal })
    return { status: 'ok', message: `the bucket ${JSON.stringify(subject.bucket)} answers and can be listed` }
  })
  yield answers
  if (answers.status === 'failed') return
  yield await run('multipart', () => tryParts(bucket, key))
  yield await run('unfinished-uploads', () => tryUploads(bucket))
  yield await run('checksums', () => tryChecksum(bucket, key))
  let probe: ConditionProbe | undefined
  const probed = await run('conditional-writes', async () => {
    probe = await probeConditions(calls, key, signal)
    return { status: 'ok', message: 'conditions can be tried' }
  })
  if (probe === undefined) yield probed
  else yield* describeProbe(probe, bucket)
}

function failed(error: unknown, signal: AbortSignal | undefined): Finding {
  if (signal?.aborted) throw error
  const { message, hint } = isStackError(error) ? error : { message: String(error), hint: undefined }
  return { status: 'failed', message, ...(hint === undefined ? {} : { hint }) }
}

async function tryParts({ calls, signal }: BucketVerification, key: string): Promise<Finding> {
  const bytes = Buffer.from('canary')
  const { uploadId } = await calls.createUpload(key, { checksums: true, signal })
  try {
    await calls.uploadPart(key, { kind: 'bytes', bytes }, { uploadId, number: 1, signal })
  } finally {
    await calls.abortUpload(key, uploadId, undefined)
  }
  return { status: 'ok', message: 'an upload in parts can be begun, and aborted' }
}

async function tryUploads({ calls, signal }: BucketVerification): Promise<Finding> {
  try {
    await calls.listUploads({ signal })
    return { status: 'ok', message: 'unfinished uploads can be listed' }
  } catch (error) {
    if (signal?.aborted) throw error
    return {
      status: 'warning',
      message: 'unfinished uploads cannot be listed, so what a killed process leaves behind stays',
      hint: 'Permit s3:ListBucketMultipartUploads, or let a lifecycle rule of the bucket abort incomplete uploads.',
    }
  }
}

async function tryChecksum({ calls, signal }: BucketVerification, key: string): Promise<Finding> {
  const bytes = Buffer.from('canary')
  try {
    const { crc32: sent } = await calls.put(key, { kind: 'bytes', bytes }, { signal })
    if (sent === undefined) {
      return {
        status: 'ok',
        message: 'writes carry no checksums',
        hint: 'Where the server keeps them: checksums=when-supported',
      }
    }
    const { crc32: kept } = await calls.head(key, { signal })
    if (kept === encodeCrc(crc32(bytes)))
      return { status: 'ok', message: 'the server keeps the CRC-32 of what is written' }
    return {
      status: 'warning',
      message: 'the server keeps no CRC-32, so reads are not checked',
      hint: 'stack artifact-store update NAME --checksums=when-required',
    }
  } finally {
    await calls.delete([key], undefined)
  }
}

const conditions = [
  ['conditional-create', 'conditionalCreate', 'two that create one object at once: one wins'],
  ['conditional-complete', 'conditionalComplete', 'the same of objects that arrive in parts'],
  ['conditional-update', 'conditionalUpdate', 'an object that changed since is not replaced'],
] as const

function* describeProbe(
  probe: ConditionProbe,
  { conditionalWrites }: BucketVerification,
): Generator<VerifyCheck, void, undefined> {
  for (const [name, member, promise] of conditions) {
    const honoured = probe[member]
    if (honoured) yield { name, status: 'ok', message: promise }
    else {
      yield {
        name,
        status: conditionalWrites ? 'failed' : 'warning',
        message: 'the server ignores the condition',
        hint: conditionalWrites
          ? 'stack artifact-store update NAME --conditionalWrites=false'
          : 'The store looks before it writes, which is enough within one process and no promise between two.',
      }
    }
  }
  if (conditionalWrites || !conditions.every(([, member]) => probe[member])) return
  const message = 'the server honours conditions, but the store is told that it does not'
  yield {
    ...{ name: 'conditional-writes', status: 'warning', message },
    hint: 'stack artifact-store update NAME --conditionalWrites=true',
  }
}
