/** The conformance kit of artifact stores, on the server in this process and on each real one that is installed. */
import { describeOnServer, type ServerName } from '@stack/test-servers'
import { commonFaults, describeArtifactStore } from '@stack/testing'
import { vi } from 'vitest'
import { errorBody } from './error-body.js'
import { openStore, type TestConfig } from './open-store.js'

vi.setConfig({ testTimeout: 120_000 })

interface Server {
  /** Fields of the config, with which a store is tested there. */
  readonly config?: TestConfig
  /** The server keeps checksums, so that a flipped byte is noticed. */
  readonly checksums: boolean
  /** What it keeps a store from promising, by case. */
  readonly skip?: Readonly<Record<string, string>>
}

const fileAndDirectory = 'the server does not keep a file and a directory of one name'
const noChecksums = 'the server keeps no checksums'

const servers: Readonly<Partial<Record<ServerName, Server>>> = {
  fauxqs: { checksums: false, skip: { ...unchecked(), '29.pinned': 'it takes no body of more than 11 MiB' } },
  versitygw: {
    checksums: true,
    skip: {
      '3.below-a-file': fileAndDirectory,
      '12.names': 'its listings have U+FFFD for characters that no XML may hold',
      '14.file-and-directory': fileAndDirectory,
    },
  },
  minio: { checksums: true, skip: { '14.file-and-directory': fileAndDirectory } },
  'ceph-rgw': { checksums: false, skip: unchecked() },
}

for (const [name, { checksums, skip = {} }] of Object.entries(servers)) {
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

function unchecked(): Readonly<Record<string, string>> {
  return { '30.damaged-once': noChecksums, '30.damaged-always': noChecksums, '30.noticed': noChecksums }
}
