/** The XML of the protocol's uploads in parts. */

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
    const { Key = '', UploadId = '', Initiated = '' } = texts
    uploads.push({ key: Key, uploadId: UploadId, startedAt: new Date(Initiated) })
  })
  if (IsTruncated !== 'true' || !NextKeyMarker) return { uploads }
  return { uploads, next: { keyMarker: NextKeyMarker, uploadIdMarker: NextUploadIdMarker ?? '' } }
}
