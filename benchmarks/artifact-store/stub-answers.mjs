/** The canned answers of the stub server. A key ends with the size of its object, as in `object-1024`. */
import { crc32 } from 'node:zlib'
import { crc32c } from './crc32c.mjs'

const listedKeys = 100_000
const pageSize = 1000
const common = 'Date: Wed, 25 Nov 2026 10:00:00 GMT\r\nConnection: keep-alive\r\n'
const etag = '"0123456789abcdef0123456789abcdef"'
const created = `HTTP/1.1 200 OK\r\nETag: ${etag}\r\nContent-Length: 0\r\n${common}\r\n`
const deleted = `HTTP/1.1 204 No Content\r\n${common}\r\n`
const initiated = ok(
  'application/xml',
  '<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>key</Key><UploadId>upload</UploadId></InitiateMultipartUploadResult>',
)
const completed = ok(
  'application/xml',
  `<CompleteMultipartUploadResult><Location>l</Location><Bucket>bucket</Bucket><Key>key</Key><ETag>${etag}</ETag></CompleteMultipartUploadResult>`,
)

/** Gives the head of the answer to a request's head and the end of its body, and how many bytes of the slab follow it. */
export function answerRequest(request, tail) {
  const line = request.slice(0, request.indexOf(' HTTP/1.1'))
  const space = line.indexOf(' ')
  const method = line.slice(0, space)
  const path = line.slice(space + 1)
  if (path.includes('/storage/v1/')) return answerGcs(method, path, request)
  switch (method) {
    case 'PUT':
      return { head: tail === undefined ? created : withTrailer(tail), bytes: 0 }
    case 'GET':
      return path.includes('list-type=2') ? { head: listPage(path), bytes: 0 } : objectAnswer(path, request)
    case 'HEAD':
      return { head: objectAnswer(path, request).head, bytes: 0 }
    case 'POST':
      return { head: path.includes('uploadId=') ? completed : initiated, bytes: 0 }
    default:
      return { head: deleted, bytes: 0 }
  }
}

function ok(type, body, headers = '') {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n${headers}${common}\r\n${body}`
}

/** The answer to a body whose checksum follows it, which a server tells. */
function withTrailer(tail) {
  const [trailer] = /x-amz-checksum-crc32:[^\r]*/.exec(tail.latin1Slice())
  return created.replace('Content-Length', `${trailer}\r\nContent-Length`)
}

function objectAnswer(path, request) {
  const size = Number(/-(\d+)(?:\?|$)/.exec(path)?.[1] ?? 1024)
  const range = /\r\nrange: *bytes=(\d+)-(\d*)/i.exec(request)
  const described = `Content-Type: application/octet-stream\r\nETag: ${etag}\r\nAccept-Ranges: bytes\r\nLast-Modified: Wed, 25 Nov 2026 10:00:00 GMT\r\n`
  if (range === null) {
    const sum = /\r\nx-amz-checksum-mode: *enabled/i.test(request) ? checksum(size) : undefined
    const checked = sum === undefined ? '' : `x-amz-checksum-crc32: ${sum}\r\nx-amz-checksum-type: FULL_OBJECT\r\n`
    return { head: `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n${described}${checked}${common}\r\n`, bytes: size }
  }
  const start = Number(range[1])
  const end = range[2] === '' ? size : Math.min(size, Number(range[2]) + 1)
  const head = `HTTP/1.1 206 Partial Content\r\nContent-Length: ${end - start}\r\nContent-Range: bytes ${start}-${end - 1}/${size}\r\n${described}${common}\r\n`
  return { head, bytes: end - start }
}

/** What every object consists of. */
export const slab = Buffer.alloc(1024 * 1024, 'x')

const checksums = new Map()

/** The CRC of so many bytes of the slab, base64. */
function checksum(size, algorithm = crc32) {
  const key = `${algorithm.name} ${size}`
  if (!checksums.has(key)) {
    const bytes = Buffer.alloc(4)
    let sum = 0
    for (let at = 0; at < size; at += slab.length) sum = algorithm(slab.subarray(0, size - at), sum)
    bytes.writeUInt32BE(sum)
    checksums.set(key, bytes.toString('base64'))
  }
  return checksums.get(key)
}

const pages = new Map()

function listPage(path) {
  const start = Number(/continuation-token=(\d+)/.exec(path)?.[1] ?? 0)
  if (!pages.has(start)) pages.set(start, makePage(start))
  return pages.get(start)
}

function makePage(start) {
  let contents = ''
  for (let index = start; index < start + pageSize; index += 1) {
    contents += `<Contents><Key>prefix/run-${String(index).padStart(8, '0')}-outputs-model.bin</Key><LastModified>2026-11-25T10:00:00.000Z</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>${index}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  }
  const next = start + pageSize
  const more = next < listedKeys
  const truncated = more
    ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`
    : '<IsTruncated>false</IsTruncated>'
  return ok(
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix>prefix/</Prefix><KeyCount>${pageSize}</KeyCount><MaxKeys>${pageSize}</MaxKeys>${truncated}${contents}</ListBucketResult>`,
  )
}

function answerGcs(method, path, request) {
  const size = Number(/-(\d+)(?:[?&]|$)/.exec(path)?.[1] ?? 1024)
  if (method === 'GET' && path.includes('alt=media')) return objectAnswer(path.slice(0, path.indexOf('?')), request)
  if (method === 'POST' && path.includes('uploadType=resumable')) {
    const host = /\r\nhost: *([^\r]*)/i.exec(request)?.[1]
    return { head: ok('text/plain', '', `Location: http://${host}${path}&upload_id=session\r\n`), bytes: 0 }
  }
  if (method === 'PUT') {
    const [, last, total] = /\r\ncontent-range: *bytes \d+-(\d+)\/(\d+|\*)/i.exec(request) ?? []
    if (last !== undefined && (total === '*' || Number(last) + 1 < Number(total))) {
      return {
        head: `HTTP/1.1 308 Resume Incomplete\r\nRange: bytes=0-${last}\r\nContent-Length: 0\r\n${common}\r\n`,
        bytes: 0,
      }
    }
  }
  return { head: ok('application/json; charset=UTF-8', objectResource(size)), bytes: 0 }
}

const resources = new Map()

function objectResource(size) {
  if (!resources.has(size)) {
    const resource = {
      kind: 'storage#object',
      id: `bucket/object-${size}/1`,
      name: `object-${size}`,
      bucket: 'bucket',
      generation: '1764064800000000',
      metageneration: '1',
      contentType: 'application/octet-stream',
      size: String(size),
      crc32c: checksum(size, crc32c),
      etag: 'CKCAgICAgICAARAB',
      timeCreated: '2026-11-25T10:00:00.000Z',
      updated: '2026-11-25T10:00:00.000Z',
      storageClass: 'STANDARD',
    }
    resources.set(size, JSON.stringify(resource))
  }
  return resources.get(size)
}
