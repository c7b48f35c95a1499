/** The conformance kit of artifact stores, on the server in this process and on each real one that is installed. */
import { describeArtifactStore } from '@stack/testing'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { isInstalled, type S3Server, startFauxqs, startReal } from './s3-server.js'

vi.setConfig({ testTimeout: 120_000 })

const fileAndDirectory = 'the server does not keep a file and a directory of one name'

const servers: Readonly<
  Record<string, { readonly start: () => Promise<S3Server>; readonly skip?: Readonly<Record<string, string>> }>
> = {
  fauxqs: { start: startFauxqs },
  versitygw: {
    start: () => startReal('versitygw'),
    skip: {
      '3.below-a-file': fileAndDirectory,
      '12.names': 'its listings have U+FFFD for characters that no XML may hold',
      '14.file-and-directory': fileAndDirectory,
    },
  },
  minio: { start: () => startReal('minio'), skip: { '14.file-and-directory': fileAndDirectory } },
}

for (const [name, { start, skip = {} }] of Object.entries(servers)) {
  if (name !== 'fauxqs' && !(await isInstalled(name))) {
    const reason = `${name} is not installed: scripts/servers/${name}.sh install`
    console.info(`artifact store s3 on ${name} is skipped: ${reason}`)
    test.skip(`artifact store s3 on ${name} (skipped: ${reason})`, () => {})
    continue
  }
  describe(`on ${name}`, () => {
    let server: S3Server
    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server?.[Symbol.asyncDispose]())

    describeArtifactStore({
      name: `s3 on ${name}`,
      skip,
      async create({ below }) {
        const bucket = await server.createBucket()
        return server.store(below === undefined ? `s3://${bucket}` : `s3://${bucket}/${below}`)
      },
    })
  })
}
