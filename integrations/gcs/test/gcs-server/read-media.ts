/** Gives the bytes of an object: whole, a range of them, or unpacked where the reader knows no gzip. */
import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { StoredObject } from './bucket.js'
import type { Reply } from './reply.js'
import { RequestError } from './request-error.js'

export function readMedia(request: IncomingMessage, object: StoredObject): Reply {
  const { generation, crc32c, md5Hash, updated, contentType, contentEncoding } = object
  const headers: Record<string, string> = {
    etag: `"${generation}"`,
    'x-goog-generation': generation,
    'x-goog-metageneration': '1',
    'x-goog-hash': `crc32c=${crc32c},md5=${md5Hash}`,
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.bytes.byteLength),
    'content-type': contentType ?? 'application/octet-stream',
    'last-modified': new Date(updated).toUTCString(),
  }
  if (contentEncoding === 'gzip' && !/gzip/.test(String(request.headers['accept-encoding']))) {
    return {
      status: 200,
      headers: { ...headers, warning: '214 UploadServer gunzipped' },
      body: gunzipSync(object.bytes),
    }
  }
  if (contentEncoding !== undefined) headers['content-encoding'] = contentEncoding
  const size = object.bytes.byteLength
  const { range } = request.headers
  if (range === undefined) return { status: 200, headers: { ...headers }, body: object.bytes }
  const [start, end] = resolveRange(range, size)
  const contentRange = { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  return { status: 206, headers: { ...headers, ...contentRange }, body: object.bytes.subarray(start, end) }
}

function resolveRange(range: string, size: number): [start: number, end: number] {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  const unsatisfiable = new RequestError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', {
    'content-range': `bytes */${size}`,
  })
  if (first === '') {
    if (!(Number(last) > 0) || size === 0) throw unsatisfiable
    return [Math.max(0, size - Number(last)), size]
  }
  const start = Number(first)
  const end = last === '' ? size : Math.min(size, Number(last) + 1)
  if (start >= size || end <= start) throw unsatisfiable
  return [start, end]
}
