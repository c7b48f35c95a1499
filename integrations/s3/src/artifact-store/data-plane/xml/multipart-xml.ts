/** The XML of the protocol's uploads in parts. */

import { StackError } from '@stack/core'
import { statedTime } from '@stack/object-http'
import type { ListedUpload, UploadedPart, UploadsAnswer } from '../../calls/s3-calls.js'
import { escapeText, readGroups } from './flat-xml.js'

/** Writes the body of CompleteMultipartUpload; servers want the checksums of parts again, also of an object with one over all. */
export function writeCompletion(parts: readonly UploadedPart[]): string {
  const written = parts.map(
    ({ number, version, crc32 }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${escapeText(version)}</ETag>` +
      `${crc32 === undefined ? '' : `<ChecksumCRC32>${crc32}</ChecksumCRC32>`}</Part>`,
  )
  const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
  return `<CompleteMultipartUpload xmlns="${namespace}">${written.join('')}</CompleteMultipartUpload>`
}

const uploadGroups = new Set(['Upload'])

/** Reads a page of ListMultipartUploads. */
export function readUploads(xml: string): UploadsAnswer {
  const uploads: ListedUpload[] = []
  const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = readGroups(xml, uploadGroups, (_, texts) => {
    uploads.push(listedUpload(texts.Key, texts.UploadId, texts.Initiated))
  })
  if (IsTruncated !== 'true' || !NextKeyMarker) return { uploads }
  return { uploads, next: { keyMarker: NextKeyMarker, uploadIdMarker: NextUploadIdMarker ?? '' } }
}

/**
 * An upload of such a page.
 * @throws StackError `unavailable` where it is not one.
 */
export function listedUpload(key: unknown, uploadId: unknown, initiated: unknown): ListedUpload {
  const startedAt = statedTime(initiated)
  if (typeof key === 'string' && key !== '' && typeof uploadId === 'string' && uploadId !== '' && startedAt) {
    return { key, uploadId, startedAt }
  }
  throw new StackError('unavailable', 'the server lists an upload without its key, its name or its time')
}
