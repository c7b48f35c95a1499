/** Waiting for a connection, in order and not for ever, at a server in this process. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, ConnectionQueue, Connections, maximumConnections } from '../src/index.js'

/** More than a connection keeps for its reader. */
const large = Buffer.alloc(1024 * 1024, 'x')

let server: Server
let origin: string

beforeEach(async () => {
  server = createServer((request, response) => response.end(request.url === '/large' ? large : 'small'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const ask = (connections: Connections, path: string, signal?: AbortSignal): Promise<Answer> =>
  connections.request({ method: 'GET', path, headers: {}, signal })

/** Takes every connection, by bodies that nobody reads. */
function takeAll(connections: Connections): Promise<Answer[]> {
  return Promise.all(Array.from({ length: maximumConnections }, () => ask(connections, '/large')))
}

describe('connections that are all in use', () => {
  it('are waited for until one comes back, at a body’s end or when it is closed', async () => {
    const connections = new Connections(origin)
    const [first, second] = await takeAll(connections)
    const waiting = [ask(connections, '/small'), ask(connections, '/small')]
    await first?.body.text(2 ** 30)
    expect(await (await waiting[0])?.body.text(1024)).toBe('small')
    second?.body.close()
    expect(await (await waiting[1])?.body.text(1024)).toBe('small')
    await connections.dispose()
  })

  it('end a wait as unavailable when none comes back', async () => {
    const connections = new Connections(origin, { patienceMs: 2000 })
    const held = await takeAll(connections)
    const waiting = Array.from({ length: 3 }, () => ask(connections, '/small'))
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
    }
    // Who was refused holds none, and who comes later gets what comes back.
    for (const { body } of held) body.close()
    const texts = await Promise.all(
      Array.from({ length: 200 }, async () => (await ask(connections, '/small')).body.text(1024)),
    )
    expect(new Set(texts)).toEqual(new Set(['small']))
    await connections.dispose()
  })

  it('end a wait with the reason of its signal, which takes no connection', async () => {
    const connections = new Connections(origin)
    const held = await takeAll(connections)
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = ask(connections, '/small', controller.signal)
    const patient = ask(connections, '/small')
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    held[0]?.body.close()
    expect(await (await patient).body.text(1024)).toBe('small')
    await connections.dispose()
  })

  it('come back where requests are aborted, however often', async () => {
    const connections = new Connections(origin)
    for (let round = 0; round < 3; round += 1) {
      const controller = new AbortController()
      const requests = Array.from({ length: maximumConnections * 2 }, () =>
        ask(connections, '/large', controller.signal),
      )
      for (const request of requests) request.catch(() => {})
      controller.abort(new Error('enough'))
      await Promise.allSettled(requests)
    }
    expect(await (await ask(connections, '/small')).body.text(1024)).toBe('small')
    await connections.dispose()
  })

  it('keep the process of who waits alive: the wait is refused, and Node does not end with the code 13', async () => {
    const program = `
      import { Connections, maximumConnections } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
      const connections = new Connections(${JSON.stringify(origin)}, { patienceMs: 300 })
      const ask = (path) => connections.request({ method: 'GET', path, headers: {} })
      globalThis.held = await Promise.all(Array.from({ length: maximumConnections }, () => ask('/large')))
      const error = await ask('/small').catch((error) => error)
      console.log(error.code)
      await connections.dispose()
    `
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
    expect(stdout).toBe('unavailable\n')
  })
})

describe('a queue', () => {
  it('serves in order of arrival, and counts from the last that came back', async () => {
    const queue = new ConnectionQueue(1, 200)
    expect([queue.takeNow(), queue.takeNow()]).toEqual([true, false])
    const served: number[] = []
    const waiting = [1, 2, 3].map((number) =>
      queue.take(undefined).then(() => {
        served.push(number)
      }),
    )
    for (const wait of waiting) {
      queue.giveBack()
      await wait
    }
    expect(served).toEqual([1, 2, 3])
    const late = queue.take(undefined)
    await expect(late).rejects.toMatchObject({ code: 'unavailable', hint: expect.stringContaining('cancel') })
    queue.giveBack()
    expect(queue.takeNow()).toBe(true)
  })
})
