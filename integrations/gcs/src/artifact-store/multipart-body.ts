/** An object and what is said of it in one request: `multipart/related`. */
import { randomUUID } from 'node:crypto'
import type { ObjectResource } from './gcs-object.js'

/** Bodies up to this size are joined; a larger one would cost more to copy than to send in pieces. */
const joinedBytes = 256 * 1024

export interface MultipartBody {
  readonly contentType: string
  readonly length: number
  /** To be sent; anew for each attempt. */
  body(): Uint8Array | AsyncIterable<Uint8Array>
}

export function multipartBody(resource: ObjectResource, bytes: Uint8Array): MultipartBody {
  const boundary = randomUUID()
  const head = Buffer.from(
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(resource)}\r\n` +
      `--${boundary}\r\ncontent-type: ${mediaType(resource)}\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const pieces = [head, bytes, tail]
  const joined = bytes.byteLength > joinedBytes ? undefined : Buffer.concat(pieces)
  return {
    contentType: `multipart/related; boundary=${boundary}`,
    length: head.byteLength + bytes.byteLength + tail.byteLength,
    body: () => joined ?? eachOf(pieces),
  }
}

async function* eachOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces
}

/** Said twice, since some servers read it here; what no header can hold only in JSON. */
function mediaType({ contentType = '' }: ObjectResource): string {
  return /^[\x20-\x7e]+$/.test(contentType) ? contentType : 'application/octet-stream'
}
