/** The conformance kit of artifact stores, on the server in this process and on fake-gcs-server. */
import { describeOnServer } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { GcsServer } from '../gcs-server/gcs-server.js'
import { RequestError } from '../gcs-server/request-error.js'
import { serviceAccount, serviceAccountKey } from '../gcs-server/service-account.js'
import { makeStore } from './gcs-store.js'

vi.setConfig({ testTimeout: 120_000 })

const reasons = { 403: 'forbidden', 429: 'rateLimitExceeded', 500: 'backendError', 503: 'backendError' } as const

/** A fault in the words of the protocol. */
function errorBody({ status }: { readonly status: keyof typeof reasons }) {
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  return { body: new RequestError(status, reasons[status], 'A fault of the proxy.').body, headers }
}

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
