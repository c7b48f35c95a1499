/** Translates between the protocol's words for an object and the store's. */
import { reservedMetadataName, StackError, type Stat, tooMuchMetadata, versionChanged } from '@stack/core'
import type { ObjectDescription } from './calls/s3-calls.js'

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

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata */
const mostMetadataBytes = 2 * 1024
/** Some servers count it with each name. */
const namePrefix = 'x-amz-meta-'
/** Of the mark of a write, which may join the user's. */
const markBytes = namePrefix.length + reservedMetadataName.length + 36

/**
 * Refuses metadata that takes more bytes as headers than S3 keeps, and names that servers change: Ceph and CGI make a dash of
 * `_`, nginx drops it.
 * @throws StackError `usage`
 */
export function checkS3Metadata(metadata: Readonly<Record<string, string>>): void {
  let bytes = 0
  for (const [name, value] of Object.entries(encodeMetadata(metadata))) {
    if (name.includes('_')) throw underscored(name)
    bytes += namePrefix.length + name.length + value.length
  }
  if (bytes > mostMetadataBytes - markBytes) throw tooMuchMetadata(bytes, mostMetadataBytes - markBytes)
}

function underscored(name: string): StackError {
  return new StackError('usage', `the name ${JSON.stringify(name)} of metadata is changed by some servers of S3`, {
    hint: `Name it ${JSON.stringify(name.replaceAll('_', '-'))}.`,
  })
}

/** Headers take ASCII only, so values travel percent-encoded. */
export function encodeMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, encodeURIComponent(value)]))
}

function decodeMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== reservedMetadataName)
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
