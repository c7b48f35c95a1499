/** The conformance kit of artifact stores, on the server of the published protocol. */
import { describeArtifactStore } from '@stack/testing'
import { afterAll, beforeAll, vi } from 'vitest'
import { GcsServer } from '../../gcs-server/gcs-server.js'
import { serviceAccount, serviceAccountKey } from '../../gcs-server/service-account.js'
import { errorBody } from '../error-body.js'
import { makeStore } from '../gcs-store.js'
import { bucketPath, objectPlace } from './bucket-path.js'

vi.setConfig({ testTimeout: 120_000 })

let server: GcsServer
beforeAll(async () => {
  server = await GcsServer.start({ publicKey: serviceAccountKey })
})
afterAll(() => server[Symbol.asyncDispose]())

describeArtifactStore({
  name: 'gcs',
  async plant(store, key, bytes) {
    const { bucket, name } = objectPlace(store, key)
    server.buckets.get(bucket)?.write({ name }, Buffer.from(bytes), {})
  },
  http: { target: () => server.endpoint, errorBody },
  create({ below, endpoint = server.endpoint }) {
    return makeStore({ path: bucketPath(server.createBucket().name, below), endpoint }, serviceAccount)
  },
})
