/** Tests on a server, or one test that says why there are none. */
import { afterAll, beforeAll, describe, test } from 'vitest'
import { isInstalled } from './installed.js'
import type { RunningServer, ServerName } from './server.js'
import { startServer } from './start-server.js'

/** Ceph needs half a minute on a busy machine. */
const startTimeout = 180_000

/**
 * Declares tests on a server that is started before the first and stopped after the last: `declare` is given a function
 * that gives the running server, to be called inside tests and hooks.
 *
 * Where the server is not installed, one test of the name is skipped with the reason, which is printed; with
 * `STACK_REQUIRE_SERVERS=1` in the environment that test fails instead. A round of tests that is to do with some servers names
 * them in `STACK_TEST_SERVERS`, with commas; the others are skipped in the same way.
 */
export async function describeOnServer(
  title: string,
  name: ServerName,
  declare: (server: () => RunningServer) => void,
): Promise<void> {
  if (!chosen(name)) {
    declareSkipped(title, name, `STACK_TEST_SERVERS leaves ${name} out`)
    return
  }
  if (!(await isInstalled(name))) {
    declareMissing(title, name)
    return
  }
  describe(`${title} on ${name}`, () => {
    let running: RunningServer | undefined
    beforeAll(async () => {
      running = await startServer(name)
    }, startTimeout)
    afterAll(() => running?.[Symbol.asyncDispose]())
    declare(() => {
      if (running === undefined) throw new Error(`${name} runs only within the tests and hooks of "${title}"`)
      return running
    })
  })
}

function chosen(name: ServerName): boolean {
  const chosen = process.env.STACK_TEST_SERVERS
  return chosen === undefined || chosen.split(',').includes(name)
}

function declareMissing(title: string, name: ServerName): void {
  const reason = `${name} is not installed: scripts/servers/${name}.sh install`
  if (process.env.STACK_REQUIRE_SERVERS === '1') {
    test(`${title} on ${name}`, () => {
      throw new Error(`${reason}. STACK_REQUIRE_SERVERS=1 lets nothing be skipped.`)
    })
    return
  }
  declareSkipped(title, name, reason)
}

function declareSkipped(title: string, name: ServerName, reason: string): void {
  console.info(`${title} on ${name} is skipped: ${reason}`)
  test.skip(`${title} on ${name} (skipped: ${reason})`, () => {})
}
