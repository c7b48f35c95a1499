/** Reads the body of a multipart upload: JSON, then the bytes. */
import type { ObjectDescription } from './bucket.js'
import { invalid } from './request-error.js'

export function readMultipartRelated(contentType: string | undefined, body: Buffer) {
  const [, boundary] = /^multipart\/related;\s*boundary="?([^";]+)"?$/.exec(contentType ?? '') ?? []
  if (boundary === undefined) throw invalid('Media type is no multipart/related with a boundary.')
  const delimiter = Buffer.from(`--${boundary}`)
  const second = body.indexOf(`\r\n--${boundary}\r\n`, delimiter.byteLength)
  const end = body.lastIndexOf(`\r\n--${boundary}--`)
  if (!body.subarray(0, delimiter.byteLength).equals(delimiter) || second === -1 || end <= second) {
    throw invalid('Malformed multipart body.')
  }
  const description = readPart(body.subarray(delimiter.byteLength + 2, second))
  const media = readPart(body.subarray(second + delimiter.byteLength + 4, end))
  if (!/^application\/json/.test(description.contentType)) throw invalid('The first part is no JSON.')
  return { description: parseDescription(description.bytes), bytes: Buffer.from(media.bytes), type: media.contentType }
}

export function parseDescription(bytes: Buffer): ObjectDescription {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw invalid('Parse Error')
  }
}

function readPart(part: Buffer): { contentType: string; bytes: Buffer } {
  const end = part.indexOf('\r\n\r\n')
  if (end === -1) throw invalid('A part has no headers.')
  const [, contentType] = /^content-type:\s*(.+)$/im.exec(part.subarray(0, end).toString('latin1')) ?? []
  if (contentType === undefined) throw invalid('A part has no content type.')
  return { contentType, bytes: part.subarray(end + 4) }
}
