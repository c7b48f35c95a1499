/** Servers start empty and apart from each other, and end with the process that started them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { describeOnServer, isInstalled, startServer } from '../src/index.js'
import { serverNames } from '../src/server.js'

it('the server from npm is always there', async () => {
  expect(await isInstalled('fauxqs')).toBe(true)
})

for (const name of serverNames) {
  await describeOnServer('a server', name, (server) => {
    it('makes buckets of different names', async () => {
      const [one, other] = [await server().createBucket(), await server().createBucket()]
      expect(one).not.toBe(other)
    })

    it('answers no longer when it is disposed of', async () => {
      const second = await startServer(name)
      expect(second.endpoint).not.toBe(server().endpoint)
      await expect(fetch(second.endpoint)).resolves.toBeInstanceOf(Response)
      await second[Symbol.asyncDispose]()
      await expect(fetch(second.endpoint)).rejects.toThrow('fetch failed')
    }, 180_000)
  })
}

await describeOnServer('a server of a process that is killed', 'versitygw', () => {
  it('ends soon after it', async () => {
    const owner = startOwner()
    const endpoint = String(await once(owner.stdout ?? owner, 'data'))
    await expect(fetch(endpoint)).resolves.toBeInstanceOf(Response)
    owner.kill('SIGKILL')
    await expect
      .poll(
        () =>
          fetch(endpoint).then(
            () => 'answers',
            () => 'silent',
          ),
        { timeout: 20_000 },
      )
      .toBe('silent')
  })
})

/** A process that starts a server through its script, as `startServer` does, prints where, and waits to be killed. */
function startOwner(): ChildProcess {
  const script = fileURLToPath(new URL('owner.mjs', import.meta.url))
  return spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
}
