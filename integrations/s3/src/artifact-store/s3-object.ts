/** Translates between the protocol's words for an object and the store's. */
import { type Stat, versionChanged } from '@stack/core'
import type { ObjectDescription } from './calls/s3-calls.js'

/** User metadata that a conditional write leaves, to know its own work again. */
export const nonceName = 'stack-write'

/** Describes an object; the mark of a write is left out. */
export function toStat(key: string, { metadata, crc32, ...description }: ObjectDescription): Stat {
  return {
    key,
    kind: 'file',
    ...description,
    ...(crc32 === undefined ? {} : { checksum: `crc32:${crc32}` }),
    ...(metadata === undefined ? {} : { metadata: decodeMetadata(metadata) }),
  }
}

/** Headers take ASCII only, so values travel percent-encoded. */
export function encodeMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, encodeURIComponent(value)]))
}

function decodeMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== nonceName)
      .map(([name, value]) => [name, decode(value)]),
  )
}

/** What another program wrote may be no percent-encoding at all. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** An ETag, in its quotes or, as some servers write it, without; `*` stands for any, and a comma parts several. */
const entityTag = /^(?:(?:W\/)?"[\x21\x23-\x7e]*"|(?!\*$)[\x21\x23-\x2b\x2d-\x7e]+)$/

/**
 * A version is an ETag; what is none, no object has.
 * @throws StackError `precondition-failed`
 */
export function toEntityTag(version: string | undefined): string | undefined {
  if (version === undefined || entityTag.test(version)) return version
  throw versionChanged()
}

/** Whether two ETags are one: some servers, and what stands before them, write them without quotes or as weak ones. */
export function isSameVersion(left: string, right: string): boolean {
  return left === right || bare(left) === bare(right)
}

function bare(version: string): string {
  return version.replace(/^(?:W\/)?"?|"$/g, '')
}
