/** The conformance kit of artifact stores on one server: a file for each, so that they run beside one another. */
import { describeOnServer } from '@stack/test-servers'
import { commonFaults, describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { errorBody } from '../error-body.js'
import { openStore } from '../open-store.js'
import { plantObject } from '../plant-object.js'
import { type S3ServerName, servers } from '../servers.js'

export async function describeConformance(name: S3ServerName): Promise<void> {
  vi.setConfig({ testTimeout: 120_000 })
  const { checksums, skip } = servers[name]
  const config = { checksums: checksums ? 'when-supported' : 'when-required' }
  await describeOnServer('the kit', name, (server) =>
    describeArtifactStore({
      name: `s3 on ${name}`,
      skip,
      plant: (store, key, bytes) => plantObject(server(), store, key, bytes),
      http: {
        target: () => server().endpoint,
        errorBody,
        faults: [...commonFaults.filter((fault) => checksums || fault !== 'corrupt'), 'skew'],
      },
      async create({ below, endpoint = server().endpoint }) {
        const bucket = await server().createBucket()
        const path = below === undefined ? `s3://${bucket}` : `s3://${bucket}/${below}`
        return openStore({ ...server(), endpoint }, path, config)
      },
    }),
  )
}
