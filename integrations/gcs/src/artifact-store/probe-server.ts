/** Finds out which promises of the protocol a server keeps; emulators break some without a word. */
import { randomUUID } from 'node:crypto'
import { type BucketLocation, crc32c, encodeCrc } from '@stack/object-http'
import type { DataPlane } from './data-plane.js'
import { ignoreAbsent, statusOf } from './gcs-error.js'
import { meansDamaged } from './transient-failure.js'

/** What has to be refused, and whether it was; conditions of writes are tried of every store. */
export interface ServerProbe {
  readonly 'conditional-copy': boolean
  readonly checksums: boolean
}

/** Writes a canary, tries what has to be refused, and removes it whatever comes. */
export async function probeServer(
  plane: DataPlane,
  location: BucketLocation,
  signal: AbortSignal | undefined,
): Promise<ServerProbe> {
  const key = location.objectKey(`.stack-verify-${randomUUID()}`)
  const copy = `${key}-copy`
  const bytes = Buffer.from('canary')
  // Neither is broken off: a server may finish that after the canary was removed.
  const write = async (sum: number) => {
    signal?.throwIfAborted()
    await plane.insert({ name: key, crc32c: encodeCrc(sum) }, bytes, {})
  }
  const rewrite = async (conditions: { readonly ifGenerationMatch?: string }) => {
    signal?.throwIfAborted()
    await plane.rewrite(key, copy, conditions)
  }
  try {
    await write(crc32c.of(bytes))
    await rewrite({})
    return {
      'conditional-copy': await refuses(() => rewrite({ ifGenerationMatch: '0' })),
      checksums: await refuses(() => write(crc32c.of(bytes) ^ 1)),
    }
  } finally {
    // Without the signal: an abort leaves no canary behind either.
    for (const name of [key, copy]) await plane.delete(name, {}).catch(ignoreAbsent)
  }
}

async function refuses(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt()
    return false
  } catch (error) {
    if (statusOf(error) === 412 || meansDamaged(error)) return true
    throw error
  }
}
