/** Starts a server for tests. */
import { createBucket } from './buckets.js'
import { startScriptServer } from './script-server.js'
import type { RunningServer, ServerName } from './server.js'

const credentials = { accessKeyId: 'testaccess', secretAccessKey: 'testsecret123' }

/** Starts one on a free port of the loopback interface, empty. @throws Error where it is not installed. */
export async function startServer(name: ServerName): Promise<RunningServer> {
  const { endpoint, stop } = name === 'fauxqs' ? await startFauxqs() : await startScriptServer(name, credentials)
  const protocol = name === 'fake-gcs' ? 'gcs' : 's3'
  const server = { name, protocol, endpoint, region: 'us-east-1', credentials, [Symbol.asyncDispose]: stop } as const
  let buckets = 0
  return {
    ...server,
    async createBucket() {
      buckets += 1
      const bucket = `bucket-${buckets}`
      await createBucket(server, bucket)
      return bucket
    },
  }
}

/** The server that is an npm package, in this process: it knows no conditions and checks no signature. */
async function startFauxqs(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  // It is large: loaded only by those who start it.
  const { buildApp } = await import('fauxqs')
  const app = buildApp({ logger: false, host: 'localhost' })
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' })
  return { endpoint, stop: async () => app.close() }
}
