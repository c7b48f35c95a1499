/** Which way requests to a bucket go: the lean data plane, or the SDK. */
import { Secret } from '@stack/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config/config.js'
import { resolveEndpoint, toldEndpoint } from '../../src/artifact-store/config/endpoint.js'
import { DataPlane } from '../../src/artifact-store/data-plane/data-plane.js'
import { openCalls } from '../../src/artifact-store/open-calls.js'
import { makeClient } from '../../src/artifact-store/sdk/client.js'
import { SdkCalls } from '../../src/artifact-store/sdk/sdk-calls.js'

/** What the SDK hands to the handler that a config names. */
interface Sent {
  readonly method: string
  readonly hostname: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

function toConfig(bucket: string, fields: object = {}) {
  return {
    ...s3ArtifactStoreConfig.parse({ path: `s3://${bucket}`, region: 'eu-west-1', ...fields }),
    ...{ key: new Secret('key'), secret: new Secret('secret') },
  }
}

function open(bucket: string, fields: object = {}) {
  return openCalls(toConfig(bucket, fields), bucket)
}

/** A handler of a test's own, that keeps what it is given. */
function capture() {
  const sent: Sent[] = []
  const handle = async (request: Sent) => {
    sent.push(request)
    return { response: { statusCode: 200, headers: { etag: '"1"', 'content-length': '5' }, reason: 'OK' } }
  }
  return { sent, clientConfig: { requestHandler: { handle } } }
}

describe('the lean data plane', () => {
  it.each([
    ['a bucket', 'bucket', 'https://bucket.s3.eu-west-1.amazonaws.com'],
    [
      'an access point of one region',
      'arn:aws:s3:eu-west-1:123456789012:accesspoint:mine',
      'https://mine-123456789012.s3-accesspoint.eu-west-1.amazonaws.com',
    ],
  ])('is the way to %s', async (_, bucket, endpoint) => {
    const { calls, subject } = await open(bucket)
    expect(calls).toBeInstanceOf(DataPlane)
    expect(subject).toEqual({ bucket, region: 'eu-west-1', endpoint })
    const { url } = await calls.presign('a/b c', { method: 'GET', expiresIn: 60 })
    expect(url).toMatch(`${endpoint}/a/b%20c?X-Amz-Algorithm=AWS4-HMAC-SHA256&`)
    await calls.dispose()
  })
})

describe('a server and credentials that the config names', () => {
  const endpoint = 'http://localhost:9000'

  afterEach(() => {
    vi.doUnmock('../../src/artifact-store/sdk/client.js')
  })

  it.each([
    endpoint,
    `${endpoint}/`,
    'http://[::1]:9000',
    'https://127.0.0.1',
    'https://Minio.Example.com/gateway',
    'https://minio.example.com:8443/gateway/v1/',
  ])('are at %s where the rules of the SDK find them', async (endpoint) => {
    const config = toConfig('my.bucket', { endpoint, forcePathStyle: true })
    const client = makeClient(config)
    expect(toldEndpoint(config, 'my.bucket')).toEqual(await resolveEndpoint(client, 'my.bucket'))
    client.destroy()
  })

  it('need no SDK', async () => {
    vi.doMock('../../src/artifact-store/sdk/client.js', () => {
      throw new Error('the SDK was loaded')
    })
    const { calls, subject, dispose } = await open('bucket', { endpoint, forcePathStyle: true })
    expect(calls).toBeInstanceOf(DataPlane)
    expect(subject).toEqual({ bucket: 'bucket', region: 'eu-west-1', endpoint })
    await calls.dispose()
    dispose()
  })

  it.each([
    ['a bucket that is named in the host', 'bucket', { forcePathStyle: false }],
    ['a profile', 'bucket', { profile: 'mine' }],
    ['options of its client', 'bucket', { clientConfig: { useDualstackEndpoint: false } }],
    ['an access point', 'arn:aws:s3:eu-west-1:123456789012:accesspoint:mine', {}],
    ['a directory bucket', 'bucket--euw1-az1--x-s3', {}],
  ])('need it for %s', async (_, bucket, fields) => {
    vi.doMock('../../src/artifact-store/sdk/client.js', () => {
      throw new Error('the SDK was loaded')
    })
    await expect(open(bucket, { endpoint, forcePathStyle: true, ...fields })).rejects.toMatchObject({
      cause: { message: 'the SDK was loaded' },
    })
  })
})

describe('the SDK', () => {
  it('is the way where the config brings a handler of its own', async () => {
    const { sent, clientConfig } = capture()
    const { calls } = await open('bucket', { clientConfig })
    expect(calls).toBeInstanceOf(SdkCalls)
    expect(await calls.head('a', {})).toMatchObject({ size: 5, version: '"1"' })
    expect(sent).toMatchObject([
      { method: 'HEAD', hostname: 'bucket.s3.eu-west-1.amazonaws.com', path: '/a', headers: {} },
    ])
  })

  it('is the way to several regions at once, signed for all of them', async () => {
    const { sent, clientConfig } = capture()
    const { calls } = await open('arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap', { clientConfig })
    expect(calls).toBeInstanceOf(SdkCalls)
    await calls.head('a', {})
    expect(sent[0]?.hostname).toBe('mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com')
    expect(sent[0]?.headers.authorization).toMatch(/^AWS4-ECDSA-P256-SHA256 /)
    expect(sent[0]?.headers['x-amz-region-set']).toBe('*')
  })
})

it('refuses a directory bucket, which lists its keys in no order', async () => {
  await expect(open('bucket--euw1-az1--x-s3')).rejects.toMatchObject({ code: 'unsupported' })
})
