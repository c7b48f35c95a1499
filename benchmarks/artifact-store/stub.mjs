/** Starts the stub server as its own process; it ends with the process that started it, or when it is disposed of. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('stub-server.mjs', import.meta.url))

export async function startStub({ latencyMs = 0, bytesPerSecond } = {}) {
  const shape = bytesPerSecond === undefined ? [] : ['--rate', String(bytesPerSecond)]
  const child = fork(program, ['--latency', String(latencyMs), ...shape], { execArgv: [] })
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', () => reject(new Error('the stub server did not start')))
  })
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.dispose ?? 'dispose']: () => child.kill(),
    stop: () => child.kill(),
  }
}
