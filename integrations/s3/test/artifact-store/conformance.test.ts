/** The conformance kit of artifact stores, on the server in this process and on each real one that is installed. */
import { describeOnServer, type ServerName } from '@stack/test-servers'
import { commonFaults, describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { errorBody } from './error-body.js'
import { openStore } from './open-store.js'
import { servers } from './servers.js'

vi.setConfig({ testTimeout: 120_000 })

for (const [name, { checksums, skip }] of Object.entries(servers)) {
  const config = { checksums: checksums ? 'when-supported' : 'when-required' }
  await describeOnServer('the kit', name as ServerName, (server) =>
    describeArtifactStore({
      name: `s3 on ${name}`,
      skip,
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
