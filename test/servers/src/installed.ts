/** Whether a server is there to be started. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { serverScript } from './script-server.js'
import type { ServerName } from './server.js'

/** Says whether `startServer` can start it. */
export async function isInstalled(name: ServerName): Promise<boolean> {
  if (name === 'fauxqs') return true
  const { stdout } = await promisify(execFile)(serverScript(name), ['path'])
  return existsSync(stdout.trim())
}
