/** The conformance kit of artifact stores, on fake-gcs-server. */
import { describeOnServer } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { errorBody } from '../error-body.js'
import { makeStore } from '../gcs-store.js'
import { bucketPath } from './bucket-path.js'

vi.setConfig({ testTimeout: 120_000 })

await describeOnServer('artifact store gcs', 'fake-gcs', (server) => {
  describeArtifactStore({
    name: 'gcs on fake-gcs-server',
    skip: {
      '10.no-clobber': 'the server ignores conditions on copies',
      '28.soak': 'to ask it how far an upload came completes the object',
      '28.parts': 'to ask it how far an upload came completes the object',
    },
    http: { target: () => server().endpoint, errorBody },
    async create({ below, endpoint = server().endpoint }) {
      return makeStore({ path: bucketPath(await server().createBucket(), below), endpoint })
    },
  })
})
