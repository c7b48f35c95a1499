/** Starts a server that belongs to this process, prints its URL, and waits to be killed. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../../scripts/servers/versitygw.sh', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'stack-owned-'))
const probe = createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address()
  probe.close(() => {
    const env = { ...process.env, STACK_SERVER_OWNER: String(process.pid) }
    process.stdout.write(execFileSync(script, ['start', directory, String(port)], { env }))
    setInterval(() => {}, 60_000)
  })
})
