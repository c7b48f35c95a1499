/** The signer against AWS's own, and against the example that AWS publishes. */
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { describe, expect, it } from 'vitest'
import {
  emptyPayloadHash,
  encodePath,
  encodeQuery,
  RequestSigner,
  unsignedPayload,
} from '../../src/artifact-store/data-plane/request-signer.js'

/** Node's SHA-256, as AWS's signer wants it. */
class Sha256 {
  readonly #hash
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as Buffer)
  }
  update(data: Uint8Array) {
    this.#hash.update(data)
  }
  async digest() {
    return this.#hash.digest()
  }
  reset() {}
}

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const now = Date.UTC(2013, 4, 24)

it('signs the published example of GET Object', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  const signer = new RequestSigner({ region: 'us-east-1', service: 's3' })
  const headers = { host: 'examplebucket.s3.amazonaws.com', range: 'bytes=0-9' }
  const request = { method: 'GET', path: '/test.txt', query: '', headers, payloadHash: emptyPayloadHash }
  expect(signer.sign(request, credentials, now).authorization).toMatch(
    /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
  )
})

it('presigns the published example of GET Object', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  const signer = new RequestSigner({ region: 'us-east-1', service: 's3' })
  const request = { method: 'GET', path: '/test.txt', headers: { host: 'examplebucket.s3.amazonaws.com' } }
  expect(signer.presign({ ...request, expiresIn: 86_400 }, credentials, now)).toBe(
    [
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request',
      'X-Amz-Date=20130524T000000Z',
      'X-Amz-Expires=86400',
      'X-Amz-SignedHeaders=host',
      'X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    ].join('&'),
  )
})

describe.each([
  ['a plain key', 'a/b.txt', {}],
  ['a key of all kinds of signs', "a b/+%~!'()*&=?#/é😀\u0001", {}],
  ['parameters', 'a', { partNumber: '1', uploadId: 'x+/=', acl: '' }],
  ['parameters whose names sort by bytes', '', { 'list-type': '2', prefix: 'a b/é', delimiter: '/', 'X-a': '1' }],
])('signs %s as AWS does', (_, key, query: Record<string, string>) => {
  it.each([undefined, 'token'])('with the session token %s', async (sessionToken) => {
    const given = { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }) }
    const headers = { host: 'localhost:9000', 'x-amz-meta-a': 'some   words ', 'if-none-match': '*' }
    const reference = new SignatureV4({
      ...{ service: 's3', region: 'eu-west-1', credentials: given, sha256: Sha256 },
      ...{ uriEscapePath: false, applyChecksum: false },
    })
    const path = `/bucket/${encodePath(key)}`
    const expected = await reference.sign(
      {
        ...{ method: 'PUT', protocol: 'http:', hostname: 'localhost', port: 9000, path, query },
        headers: { ...headers, 'x-amz-content-sha256': unsignedPayload },
      },
      { signingDate: new Date(now) },
    )
    const signer = new RequestSigner({ region: 'eu-west-1', service: 's3' })
    const request = { method: 'PUT', path, query: encodeQuery(query), headers, payloadHash: unsignedPayload }
    const first = signer.sign(request, given, now)
    expect(first.authorization).toBe(expected.headers.authorization)
    expect(signer.sign(request, given, now)).toEqual(first)
    expect(signer.sign(request, given, now + 86_400_000).authorization).not.toBe(first.authorization)
  })
})
