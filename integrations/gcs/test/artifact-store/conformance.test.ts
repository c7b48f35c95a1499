/** The conformance kit of artifact stores, on the server in this process and on fake-gcs-server. */
import { describeOnServer } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { GcsServer } from '../gcs-server/gcs-server.js'
import { serviceAccount, serviceAccountKey } from '../gcs-server/service-account.js'
import { errorBody } from './error-body.js'
import { makeStore } from './gcs-store.js'

vi.setConfig({ testTimeout: 120_000 })

const bucketPath = (bucket: string, below: string | undefined): string =>
  below === undefined ? `gs://${bucket}` : `gs://${bucket}/${below}`

describe('on the server of the published protocol', () => {
  let server: GcsServer
  beforeAll(async () => {
    server = await GcsServer.start({ publicKey: serviceAccountKey })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  describeArtifactStore({
    name: 'gcs',
    http: { target: () => server.endpoint, errorBody },
    create({ below, endpoint = server.endpoint }) {
      return makeStore({ path: bucketPath(server.createBucket().name, below), endpoint }, serviceAccount)
    },
  })
})

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
