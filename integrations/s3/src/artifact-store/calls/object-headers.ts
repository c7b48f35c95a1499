/** What the headers of an answer say of an object. */
import type { ObjectDescription } from './s3-calls.js'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const metadataPrefix = 'x-amz-meta-'

export function describeObject(headers: Headers, size: number): ObjectDescription {
  const metadata: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = textOf(headers[name]) ?? ''
  }
  const modified = textOf(headers['last-modified'])
  const contentType = textOf(headers['content-type'])
  // A composite checksum is one of the parts' checksums, which says nothing of the whole.
  const composite = textOf(headers['x-amz-checksum-type']) === 'COMPOSITE'
  const crc32 = composite ? undefined : textOf(headers['x-amz-checksum-crc32'])
  return {
    size,
    metadata,
    ...versionOf(headers),
    ...(modified === undefined ? {} : { modifiedAt: new Date(modified) }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(crc32 === undefined || crc32.includes('-') ? {} : { crc32 }),
  }
}

export function versionOf(headers: Headers): { version?: string } {
  const version = textOf(headers.etag)
  return version === undefined ? {} : { version }
}

/** The bytes an answer holds, end exclusive, and how many the object has. */
export function rangeOf(headers: Headers): { start: number; end: number; total: number } {
  const length = Number(textOf(headers['content-length']) ?? 0)
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(textOf(headers['content-range']) ?? '') ?? []
  if (start === undefined) return { start: 0, end: length, total: length }
  return { start: Number(start), end: Number(last) + 1, total: Number(total) }
}

/** A header that stands there once, or the first of several. */
export function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
