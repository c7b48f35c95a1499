/** What the headers of an answer say of an object. */
import { type HeldRange, readHeldRange, statedTime } from '@stack/object-http'
import type { ObjectDescription } from './s3-calls.js'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const metadataPrefix = 'x-amz-meta-'

export function describeObject(headers: Headers, size: number): ObjectDescription {
  const metadata: [string, string][] = []
  for (const name of Object.keys(headers)) {
    if (name.startsWith(metadataPrefix)) metadata.push([name.slice(metadataPrefix.length), textOf(headers[name]) ?? ''])
  }
  const modifiedAt = statedTime(textOf(headers['last-modified']))
  const contentType = textOf(headers['content-type'])
  // A composite checksum is one of the parts' checksums, which says nothing of the whole.
  const composite = textOf(headers['x-amz-checksum-type']) === 'COMPOSITE'
  const crc32 = composite ? undefined : textOf(headers['x-amz-checksum-crc32'])
  return {
    size,
    metadata: Object.fromEntries(metadata),
    ...versionOf(headers),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(crc32 === undefined || crc32.includes('-') ? {} : { crc32 }),
  }
}

export function versionOf(headers: Headers): { version?: string } {
  const version = textOf(headers.etag)
  return version ? { version } : {}
}

/**
 * The bytes an answer holds, end exclusive, and how many the object has.
 * @throws StackError `unavailable` where its headers do not say so; then its body is closed.
 */
export function rangeOf(statusCode: number, headers: Headers, close: () => void): HeldRange {
  try {
    const contentLength = textOf(headers['content-length'])
    return readHeldRange({ statusCode, contentLength, contentRange: textOf(headers['content-range']) })
  } catch (error) {
    close()
    throw error
  }
}

/** A header that stands there once, or the first of several. */
export function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
