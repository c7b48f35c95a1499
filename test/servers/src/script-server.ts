/** A server that is a program of its own, which a script of `scripts/servers` starts and stops. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from './free-port.js'
import type { ServerCredentials, ServerName } from './server.js'

const run = promisify(execFile)
const attempts = 3

/** The script of a server: `install`, `path`, `start DIR PORT`, `stop DIR`. */
export function serverScript(name: ServerName): string {
  return fileURLToPath(new URL(`../../../scripts/servers/${name}.sh`, import.meta.url))
}

export interface ScriptServer {
  readonly endpoint: string
  stop(): Promise<void>
}

/**
 * Starts a server on a free port, its data in a directory of its own. It ends with this process, however that ends.
 * @throws Error with what its script said, where it did not start on three ports.
 */
export async function startScriptServer(name: ServerName, credentials: ServerCredentials): Promise<ScriptServer> {
  const env = {
    ...process.env,
    STACK_SERVER_OWNER: String(process.pid),
    STACK_SERVER_KEY: credentials.accessKeyId,
    STACK_SERVER_SECRET: credentials.secretAccessKey,
  }
  for (let attempt = 1; ; attempt += 1) {
    const directory = await mkdtemp(join(tmpdir(), `stack-${name}-`))
    const stop = async () => {
      await run(serverScript(name), ['stop', directory])
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    }
    try {
      const { stdout } = await run(serverScript(name), ['start', directory, String(await freePort())], { env })
      return { endpoint: stdout.trim(), stop }
    } catch (error) {
      await stop()
      if (attempt === attempts) throw error
    }
  }
}
