/** S3 servers for tests: one in this process, and real ones where they are installed. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { Secret, silentLog } from '@stack/core'
import { buildApp } from 'fauxqs'
import { s3ArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { S3ArtifactStore } from '../../src/artifact-store/s3-artifact-store.js'

const credentials = { accessKeyId: 'testaccess', secretAccessKey: 'testsecret123' }
const scripts = fileURLToPath(new URL('../../../../scripts/servers/', import.meta.url))
const run = promisify(execFile)

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  createBucket(): Promise<string>
  /** A store on a bucket. */
  store(path: string, config?: { readonly secretAccessKey?: string }): S3ArtifactStore
}

/** Starts the server that is an npm package; it knows no conditions and checks no signature. */
export async function startFauxqs(): Promise<S3Server> {
  const app = buildApp({ logger: false, host: 'localhost' })
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' })
  return serverAt(endpoint, { conditionalWrites: false }, async () => app.close())
}

/** Says whether a real server is installed. */
export async function isInstalled(name: string): Promise<boolean> {
  const { stdout } = await run(join(scripts, `${name}.sh`), ['path'])
  return existsSync(stdout.trim())
}

/** Starts a real server on a free port, its data in a directory of its own. */
export async function startReal(name: string): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), `stack-${name}-`))
  const port = String(await freePort())
  const { stdout } = await run(join(scripts, `${name}.sh`), ['start', directory, port])
  return serverAt(stdout.trim(), { conditionalWrites: true }, async () => {
    await run(join(scripts, `${name}.sh`), ['stop', directory])
    await rm(directory, { recursive: true, force: true })
  })
}

function serverAt(endpoint: string, defaults: object, stop: () => Promise<unknown>): S3Server {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  let buckets = 0
  return {
    endpoint,
    async createBucket() {
      buckets += 1
      await client.send(new CreateBucketCommand({ Bucket: `bucket-${buckets}` }))
      return `bucket-${buckets}`
    },
    store(path, { secretAccessKey = credentials.secretAccessKey } = {}) {
      const parsed = s3ArtifactStoreConfig.parse({
        ...{ path, endpoint, region: 'us-east-1', forcePathStyle: true },
        ...defaults,
      })
      const secrets = { key: new Secret(credentials.accessKeyId), secret: new Secret(secretAccessKey) }
      return new S3ArtifactStore({
        id: 'store',
        name: 'store',
        config: { ...parsed, ...secrets },
        settings: {},
        projectRoot: '/',
        log: silentLog,
      })
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      await stop()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
