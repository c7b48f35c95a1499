/** The conformance kit once more, with all requests through the SDK. */
import { describeOnServer } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { openStore } from '../open-store.js'
import { plantObject } from '../plant-object.js'
import { fauxqsSkips } from '../servers.js'

vi.setConfig({ testTimeout: 120_000 })

await describeOnServer('the kit through the SDK', 'fauxqs', (server) =>
  describeArtifactStore({
    name: 's3 through the SDK',
    skip: fauxqsSkips,
    plant: (store, key, bytes) => plantObject(server(), store, key, bytes),
    async create({ below }) {
      const bucket = await server().createBucket()
      const path = below === undefined ? `s3://${bucket}` : `s3://${bucket}/${below}`
      return openStore(server(), path, { clientConfig: { requestHandler: {} } })
    },
  }),
)
