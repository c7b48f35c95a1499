/** The conformance kit of artifact stores, on this flavor and a real server. */
import { Secret, silentLog } from '@stack/core'
import { describeArtifactStore } from '@stack/testing'
import { afterAll, beforeAll, vi } from 'vitest'
import { myS3ArtifactStoreConfig } from '../../../flavors/my-s3-artifact-store/config.js'
import { MyS3ArtifactStore } from '../../../flavors/my-s3-artifact-store/store.js'
import { type S3Server, startS3Server } from '../../s3-server.js'

// Client and server share one thread here: 10,000 reads at once take it half a minute.
vi.setConfig({ testTimeout: 120_000 })

let server: S3Server
let buckets = 0

beforeAll(async () => {
  server = await startS3Server()
})
afterAll(() => server[Symbol.asyncDispose]())

describeArtifactStore({
  name: 'my_s3_artifact_store',
  skip: { '46.empty': 'the server drops metadata without a value' },
  async create({ below }) {
    buckets += 1
    const bucket = `bucket-${buckets}`
    await server.createBucket(bucket)
    const config = myS3ArtifactStoreConfig.parse({
      path: below === undefined ? `s3://${bucket}` : `s3://${bucket}/${below}`,
      endpoint: server.endpoint,
      forcePathStyle: true,
    })
    return new MyS3ArtifactStore({
      id: bucket,
      name: bucket,
      config: { ...config, key: new Secret('any'), secret: new Secret('any') },
      settings: {},
      projectRoot: '/',
      log: silentLog,
    })
  },
})
