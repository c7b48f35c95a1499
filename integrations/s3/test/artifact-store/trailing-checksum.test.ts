/** Parts of files whose checksum follows them, on servers that take it so and on those that do not. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import type { ArtifactStoreDriver, PartSource } from '@stack/core'
import { encodeCrc } from '@stack/object-http'
import { describeOnServer } from '@stack/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trailedLength, withTrailer } from '../../src/artifact-store/data-plane/trailing-checksum.js'
import { openDriver } from './open-store.js'
import { refusal, type StubAnswer, type StubRequest, startStub } from './stub-server.js'

const mebibyte = 1024 ** 2
const text = Buffer.from(Array.from({ length: 2 * mebibyte + 7 }, (_, index) => index % 251))
const sum = encodeCrc(crc32(text))

let directory: string
let file: PartSource

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-trailing-'))
  const path = join(directory, 'file')
  await writeFile(path, text)
  file = { kind: 'file', path, size: text.length }
})

afterAll(() => rm(directory, { recursive: true, force: true }))

describe('the chunks of a body', () => {
  it.each([
    [1, [1]],
    [mebibyte - 1, [300_000, 748_575]],
    [mebibyte, [262_144, 262_144, 262_144, 262_144]],
    [mebibyte + 1, [mebibyte + 1]],
    [3 * mebibyte + 9, [mebibyte, 5, 2 * mebibyte + 4]],
  ])('of %i bytes end with its checksum, in as many bytes as announced', async (size, lengths) => {
    const bytes = Buffer.alloc(size, 'abc')
    let told: string | undefined
    async function* pieces() {
      let start = 0
      for (const length of lengths) {
        yield bytes.subarray(start, start + length)
        start += length
      }
    }
    const body = await buffer(withTrailer(pieces(), size, (crc) => (told = crc)))
    expect(body.length).toBe(trailedLength(size))
    expect(told).toBe(encodeCrc(crc32(bytes)))
    const { bytes: decoded, trailer } = decode(body)
    expect(decoded.equals(bytes)).toBe(true)
    expect(trailer).toBe(`x-amz-checksum-crc32:${told}`)
  })
})

describe('a server', () => {
  /** Answers parts as told; everything else as a server does. */
  async function uploadTwoParts(answerPart: (request: StubRequest, number: number) => StubAnswer) {
    let parts = 0
    await using server = await startStub((request) => {
      if (request.method === 'POST')
        return { body: '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>' }
      parts += 1
      return answerPart(request, parts)
    })
    const driver = await openDriver(server, 's3://bucket/root', { checksums: 'when-supported' })
    try {
      const upload = await begin(driver)
      const sent = []
      for (const number of [1, 2]) {
        const checksum = await upload.checksum?.(file, {})
        sent.push(await upload.part(number, file, { checksum, last: number === 2 }))
      }
      return { sent, requests: server.requests.filter(({ method }) => method === 'PUT') }
    } finally {
      await driver.dispose?.()
    }
  }

  const asHeader = (request: StubRequest): StubAnswer => ({
    headers: { etag: '"1"', 'x-amz-checksum-crc32': String(request.headers['x-amz-checksum-crc32']) },
  })

  it('that takes it after the body is sent each part once', async () => {
    const { sent, requests } = await uploadTwoParts(({ body }) => ({
      headers: { etag: '"1"', 'x-amz-checksum-crc32': decode(body).trailer.slice(-8) },
    }))
    expect(sent).toMatchObject([{ checksum: `crc32:${sum}` }, { checksum: `crc32:${sum}` }])
    expect(requests).toHaveLength(2)
    for (const { headers, body } of requests) {
      expect(headers).toMatchObject({
        'content-length': String(trailedLength(text.length)),
        'content-encoding': 'aws-chunked',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': String(text.length),
        'x-amz-trailer': 'x-amz-checksum-crc32',
      })
      expect(decode(body).bytes.equals(text)).toBe(true)
    }
  })

  it.each<[string, () => StubAnswer]>([
    ['refuses it', () => refusal(501, 'NotImplemented')],
    ['takes its mark for a hash', () => refusal(400, 'XAmzContentSHA256Mismatch')],
    ['signs it otherwise', () => refusal(403, 'SignatureDoesNotMatch')],
    ['takes the chunks for the content', () => ({ headers: { etag: '"1"' } })],
    ['computes it of the chunks', () => ({ headers: { etag: '"1"', 'x-amz-checksum-crc32': 'AAAAAA==' } })],
  ])('that %s is sent the part again, with it in a header, and the others so', async (_, answer) => {
    const { sent, requests } = await uploadTwoParts((request, number) => (number === 1 ? answer() : asHeader(request)))
    expect(sent).toMatchObject([{ checksum: `crc32:${sum}` }, { checksum: `crc32:${sum}` }])
    expect(requests).toHaveLength(3)
    for (const { url, headers, body } of requests.slice(1)) {
      expect(headers['x-amz-checksum-crc32'], url).toBe(sum)
      expect(headers['content-encoding']).toBeUndefined()
      expect(body.equals(text)).toBe(true)
    }
  })

  it('whose failure passes is sent it again as before', async () => {
    const { requests } = await uploadTwoParts(({ body }, number) =>
      number === 1
        ? refusal(400, 'RequestTimeout')
        : { headers: { etag: '"1"', 'x-amz-checksum-crc32': decode(body).trailer.slice(-8) } },
    )
    expect(requests.map(({ headers }) => headers['x-amz-trailer'])).toEqual(Array(3).fill('x-amz-checksum-crc32'))
  })

  it('that knows no such upload is not asked again', async () => {
    let parts = 0
    const failed = uploadTwoParts(() => {
      parts += 1
      return refusal(404, 'NoSuchUpload')
    })
    await expect(failed).rejects.toMatchObject({ code: 'conflict' })
    expect(parts).toBe(1)
  })
})

for (const name of ['versitygw', 'minio'] as const) {
  await describeOnServer('parts of files', name, (server) => {
    it('arrive with their checksum after them', async () => {
      const driver = await openDriver(server(), `s3://${await server().createBucket()}`, {
        checksums: 'when-supported',
      })
      const trailers: boolean[] = []
      const onHeaders = (message: unknown): void => {
        const { request, headers } = message as { request: { method: string }; headers: string }
        if (request.method === 'PUT') trailers.push(/x-amz-trailer/i.test(headers))
      }
      subscribe('undici:client:sendHeaders', onHeaders)
      try {
        const upload = await begin(driver)
        const part = await upload.part(1, file, { last: true })
        expect(part.checksum).toBe(`crc32:${sum}`)
        await upload.complete([part], {})
        expect(trailers).toEqual([true])
        expect(await driver.head('key', {})).toMatchObject({ size: text.length, checksum: `crc32:${sum}` })
        const target = new Uint8Array(text.length)
        await (await driver.get('key', {})).into(target)
        expect(text.equals(target)).toBe(true)
      } finally {
        unsubscribe('undici:client:sendHeaders', onHeaders)
        await driver.dispose?.()
      }
    })
  })
}

async function begin(driver: ArtifactStoreDriver) {
  const upload = await driver.multipart?.('key', {})
  if (upload === undefined) throw new Error('the driver has no multipart')
  return upload
}

/** Reads chunks as a server does. */
function decode(body: Buffer): { bytes: Buffer; trailer: string } {
  const chunks: Buffer[] = []
  for (let position = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', position)
    const size = Number.parseInt(body.toString('latin1', position, lineEnd), 16)
    const start = lineEnd + 2
    if (size === 0) {
      const [trailer = '', ...rest] = body.toString('latin1', start).split('\r\n')
      expect(rest).toEqual(['', ''])
      return { bytes: Buffer.concat(chunks), trailer }
    }
    chunks.push(body.subarray(start, start + size))
    expect(body.toString('latin1', start + size, start + size + 2)).toBe('\r\n')
    position = start + size + 2
  }
}
