/** Writes under conditions: by the server where it honours them, else by looking first. */
import { alreadyExists, reservedMetadataName, StackError, versionChanged } from '@stack/core'
import type { ObjectDescription, S3Calls, WriteConditions, Written } from './calls/s3-calls.js'
import { meansAbsent, meansUploadGone, statusOf } from './failures/s3-error.js'
import { KeyQueue } from './key-queue.js'

/** A write, and what it wants of the object that is there. */
export interface ConditionalWrite {
  /** In the bucket. */
  readonly key: string
  readonly ifAbsent?: boolean | undefined
  readonly ifMatch?: string | undefined
  /** It arrives in parts, on which some servers ignore conditions that they honour otherwise. */
  readonly inParts?: boolean
  /** Metadata by which the write knows its work again where the answer was lost. */
  readonly nonce?: string | undefined
  /** Of what is written, base64, where known. */
  readonly crc32?: string | undefined
  readonly signal?: AbortSignal | undefined
}

type Send = (conditions: WriteConditions) => Promise<Written>

export class ConditionalWrites {
  readonly #calls: S3Calls
  /** The server honours If-None-Match and If-Match on writes. */
  readonly #honoured: boolean
  readonly #writers = new KeyQueue()

  constructor(calls: S3Calls, honoured: boolean) {
    this.#calls = calls
    this.#honoured = honoured
  }

  /**
   * Writes where the conditions hold.
   * @throws StackError `already-exists` or `precondition-failed` where they do not.
   */
  run(write: ConditionalWrite, send: Send): Promise<Written> {
    const { ifAbsent, ifMatch, inParts } = write
    if (ifAbsent !== true && ifMatch === undefined) return this.#send(write, {}, send)
    const conditions = this.#honoured ? { ifNoneMatch: ifAbsent ? ('*' as const) : undefined, ifMatch } : {}
    if (this.#honoured && inParts !== true) return this.#send(write, conditions, send)
    // One writer of a key at a time: enough within this process, where the server does not see to it.
    return this.#writers.run(write.key, async () => {
      await this.check(write)
      return this.#send(write, conditions, send)
    })
  }

  /** Looks whether the conditions hold now. */
  async check(write: ConditionalWrite): Promise<void> {
    const found = await this.#find(write)
    if (write.ifAbsent && found !== undefined) throw alreadyExists()
    if (write.ifMatch !== undefined && found?.version !== write.ifMatch) throw versionChanged()
  }

  async #send(write: ConditionalWrite, conditions: WriteConditions, send: Send): Promise<Written> {
    try {
      const sent = await send(conditions)
      if (sent.version !== undefined) return sent
      // Ceph returns no version of what arrived in parts. It has arrived, whatever becomes of this look.
      const found = await this.#find(write).catch(() => undefined)
      return found?.version === undefined ? sent : { ...sent, version: found.version }
    } catch (error) {
      // A write that is refused may have succeeded before, its answer lost.
      const refused = statusOf(error) === 412
      if (!refused && !meansUploadGone(error))
        throw write.ifMatch !== undefined && meansAbsent(error) ? versionChanged() : error
      const found = await this.#find(write)
      if (write.nonce !== undefined && found?.metadata?.[reservedMetadataName] === write.nonce)
        return recognised(write, found)
      if (!refused) throw error
      const bare = bareVersion(write, conditions, found)
      if (bare !== undefined) return this.#send(write, { ifMatch: bare }, send)
      throw write.ifAbsent ? alreadyExists() : versionChanged()
    }
  }

  async #find({ key, signal }: ConditionalWrite): Promise<ObjectDescription | undefined> {
    try {
      return await this.#calls.head(key, { signal })
    } catch (error) {
      if (meansAbsent(error)) return undefined
      throw error
    }
  }
}

function recognised(write: ConditionalWrite, found: ObjectDescription): Written {
  if (write.crc32 !== undefined && found.crc32 !== undefined && write.crc32 !== found.crc32) {
    throw new StackError('checksum-mismatch', 'its bytes changed on the way')
  }
  return found.version === undefined ? {} : { version: found.version }
}

/** Ceph refuses the ETag it gave unless it comes without its quotes. */
function bareVersion(
  { ifMatch }: ConditionalWrite,
  conditions: WriteConditions,
  found: ObjectDescription | undefined,
): string | undefined {
  const asked = ifMatch !== undefined && conditions.ifMatch === ifMatch && found?.version === ifMatch
  return asked && /^".*"$/.test(ifMatch) ? ifMatch.slice(1, -1) : undefined
}
