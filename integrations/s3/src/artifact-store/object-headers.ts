/** What the headers of an answer say of an object. */
import type { ObjectDescription } from './s3-calls.js'

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

const metadataPrefix = 'x-amz-meta-'

export function describeObject(headers: Headers, size: number): ObjectDescription {
  const metadata: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    if (name.startsWith(metadataPrefix)) metadata[name.slice(metadataPrefix.length)] = text(headers[name]) ?? ''
  }
  const modified = text(headers['last-modified'])
  const contentType = text(headers['content-type'])
  // A composite checksum is one of the parts' checksums, which says nothing of the whole.
  const composite = text(headers['x-amz-checksum-type']) === 'COMPOSITE'
  const crc32 = composite ? undefined : text(headers['x-amz-checksum-crc32'])
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
  const version = text(headers.etag)
  return version === undefined ? {} : { version }
}

/** The bytes an answer holds, end exclusive, and how many the object has. */
export function rangeOf(headers: Headers): { start: number; end: number; total: number } {
  const length = Number(text(headers['content-length']) ?? 0)
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text(headers['content-range']) ?? '') ?? []
  if (start === undefined) return { start: 0, end: length, total: length }
  return { start: Number(start), end: Number(last) + 1, total: Number(total) }
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
