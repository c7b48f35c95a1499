/** What the S3 store does beyond the kit: its probe, and its words for what goes wrong. */
import { Secret } from '@stack/core'
import { BucketLocation } from '@stack/object-http'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { makeClient, makeDataPlane } from '../../src/artifact-store/client.js'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { probeConditions } from '../../src/artifact-store/probe-conditions.js'
import { isInstalled, type S3Server, startFauxqs, startReal } from './s3-server.js'

describe('on the server that ignores conditions', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startFauxqs()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('the probe finds that, and leaves nothing behind', async () => {
    const bucket = await server.createBucket()
    expect(await probe(server, bucket)).toEqual({ conditionalCreate: false, conditionalUpdate: false })
    expect(await server.store(`s3://${bucket}`).listdir('')).toEqual([])
  })

  it('a missing bucket is not-found, by its name', async () => {
    const error = await server
      .store('s3://no-such-bucket')
      .listdir('')
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'not-found', message: expect.stringContaining('no bucket "no-such-bucket"') })
  })
})

it('says that nothing listens at the endpoint', async () => {
  const server = await startFauxqs()
  await server[Symbol.asyncDispose]()
  await expect(server.store('s3://bucket').read('a')).rejects.toMatchObject({ code: 'unavailable' })
})

it('wants key and secret together', async () => {
  const config = s3ArtifactStoreConfig.parse({ path: 's3://b' })
  expect(() => makeClient({ ...config, key: new Secret('a') })).toThrow('together')
})

if (!(await isInstalled('versitygw'))) {
  const reason = 'versitygw is not installed: scripts/servers/versitygw.sh install'
  console.info(`the S3 driver on versitygw is skipped: ${reason}`)
  test.skip(`the S3 driver on versitygw (skipped: ${reason})`, () => {})
} else {
  describe('on versitygw', () => {
    let server: S3Server
    beforeAll(async () => {
      server = await startReal('versitygw')
    })
    afterAll(() => server[Symbol.asyncDispose]())

    it('the probe finds that conditions are honoured', async () => {
      const bucket = await server.createBucket()
      expect(await probe(server, bucket)).toEqual({ conditionalCreate: true, conditionalUpdate: true })
      expect(await server.store(`s3://${bucket}`).listdir('')).toEqual([])
    })

    it('a wrong secret is unauthenticated, also where the answer has no body', async () => {
      const bucket = await server.createBucket()
      const store = server.store(`s3://${bucket}`, { secretAccessKey: 'wrong' })
      await expect(store.read('a')).rejects.toMatchObject({ code: 'unauthenticated' })
      await expect(store.exists('a')).rejects.toMatchObject({ code: 'permission-denied' })
    })
  })
}

async function probe(server: S3Server, bucket: string) {
  const config = {
    ...s3ArtifactStoreConfig.parse({ path: `s3://${bucket}`, endpoint: server.endpoint, forcePathStyle: true }),
    ...{ region: 'us-east-1', key: new Secret('testaccess'), secret: new Secret('testsecret123') },
  }
  const { plane } = await makeDataPlane(makeClient(config), bucket, config)
  try {
    return await probeConditions(plane, new BucketLocation({ authority: bucket, segments: [] }), undefined)
  } finally {
    await plane.dispose()
  }
}
