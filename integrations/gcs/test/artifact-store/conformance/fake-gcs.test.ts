/** The conformance kit of artifact stores, on fake-gcs-server. */
import { describeOnServer } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { expect, vi } from 'vitest'
import { errorBody } from '../error-body.js'
import { makeStore } from '../gcs-store.js'
import { bucketPath, objectPlace } from './bucket-path.js'

vi.setConfig({ testTimeout: 120_000 })

await describeOnServer('artifact store gcs', 'fake-gcs', (server) => {
  describeArtifactStore({
    name: 'gcs on fake-gcs-server',
    skip: {
      '10.no-clobber': 'the server ignores conditions on copies',
      '28.soak': 'to ask it how far an upload came completes the object',
      '28.parts': 'to ask it how far an upload came completes the object',
    },
    async plant(store, key, bytes) {
      const { bucket, name } = objectPlace(store, key)
      const query = new URLSearchParams({ uploadType: 'media', name })
      const url = `${server().endpoint}/upload/storage/v1/b/${bucket}/o?${query}`
      const { status } = await fetch(url, { method: 'POST', body: Buffer.from(bytes) })
      expect(status).toBe(200)
    },
    http: { target: () => server().endpoint, errorBody },
    async create({ below, endpoint = server().endpoint }) {
      return makeStore({ path: bucketPath(await server().createBucket(), below), endpoint })
    },
  })
})
