/** The conformance kit of artifact stores, on the server in this process and on each real one that is installed. */
import { describeOnServer, type ServerName } from '@stack/test-servers'
import { describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { openStore } from './open-store.js'

vi.setConfig({ testTimeout: 120_000 })

const fileAndDirectory = 'the server does not keep a file and a directory of one name'

/** What a server keeps a store from promising, by case; a server that is not named here is not tested. */
const divergences: Readonly<Partial<Record<ServerName, Readonly<Record<string, string>>>>> = {
  fauxqs: {},
  versitygw: {
    '3.below-a-file': fileAndDirectory,
    '12.names': 'its listings have U+FFFD for characters that no XML may hold',
    '14.file-and-directory': fileAndDirectory,
  },
  minio: { '14.file-and-directory': fileAndDirectory },
}

for (const [name, skip] of Object.entries(divergences)) {
  await describeOnServer('the kit', name as ServerName, (server) =>
    describeArtifactStore({
      name: `s3 on ${name}`,
      skip,
      async create({ below }) {
        const bucket = await server().createBucket()
        return openStore(server(), below === undefined ? `s3://${bucket}` : `s3://${bucket}/${below}`)
      },
    }),
  )
}
