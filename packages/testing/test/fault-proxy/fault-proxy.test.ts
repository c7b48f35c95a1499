/** Every fault really happens, and what gets none passes unchanged. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FaultName, type FaultProxy, type FaultProxyOptions, startFaultProxy } from '../../src/index.js'

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) & 255))
let server: Server
let target: string
let seen: { method: string; url: string; rawHeaders: string[]; body: Buffer; complete: boolean }[] = []
let proxy: FaultProxy

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    const { method = '', url = '', rawHeaders } = request
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      // Counted below as incomplete.
    }
    seen.push({ method, url, rawHeaders, body: Buffer.concat(chunks), complete: request.complete })
    if (url === '/listing') response.end('<keys/>')
    else if (url === '/moved') response.writeHead(302, { location: `${target}/there` }).end()
    else {
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length, 'X-Case': 'Kept' })
      response.end(method === 'HEAD' ? undefined : content)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await proxy?.[Symbol.asyncDispose]()
  seen = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function start(fault: FaultName, options: Partial<FaultProxyOptions> = {}): Promise<FaultProxy> {
  proxy = await startFaultProxy({ target, rate: 1, faults: [fault], ...options })
  return proxy
}

describe('without a fault', () => {
  it('method, path, query, headers and bodies pass byte for byte', async () => {
    await start('503', { rate: 0 })
    const headers = [
      'Host',
      'bucket.example:1',
      'X-Odd-CASE',
      'a  b',
      'x-twice',
      '1',
      'x-twice',
      '2',
      'Content-Length',
      '3',
    ]
    const sent = sendRequest(`${proxy.url}`, { method: 'PUT', path: '/a%2Fb//c?x=%20+&y', headers })
    sent.end('abc')
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const body: Buffer[] = []
    for await (const chunk of answer) body.push(chunk as Buffer)
    expect(Buffer.concat(body).equals(content)).toBe(true)
    expect(answer.rawHeaders).toContain('X-Case')
    expect(answer.rawHeaders.filter((name) => name.toLowerCase() === 'date')).toHaveLength(1)
    expect(seen).toMatchObject([{ method: 'PUT', url: '/a%2Fb//c?x=%20+&y', body: Buffer.from('abc'), complete: true }])
    expect(seen[0]?.rawHeaders.slice(0, headers.length)).toEqual(headers)
  })

  it('streams of unknown length, HEAD, POST and DELETE without a body pass', async () => {
    await start('503', { rate: 0 })
    const stream = new Blob([content]).stream()
    await fetch(proxy.url, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit)
    const head = await fetch(proxy.url, { method: 'HEAD' })
    for (const method of ['POST', 'DELETE']) expect((await fetch(proxy.url, { method })).status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String(content.length))
    expect(seen.map(({ method, body }) => [method, body.length])).toEqual([
      ['PUT', content.length],
      ['HEAD', 0],
      ['POST', 0],
      ['DELETE', 0],
    ])
    expect(proxy.requests).toBe(4)
    expect(Object.values(proxy.counts).every((count) => count === 0)).toBe(true)
  })

  it('a Location that points at the server points at the proxy', async () => {
    await start('503', { rate: 0 })
    const answer = await fetch(`${proxy.url}/moved`, { redirect: 'manual' })
    expect(answer.headers.get('location')).toBe(`${proxy.url}/there`)
  })
})

describe('faults', () => {
  it.each(['503', '429', '500'] as const)(
    '%s is answered in the words of the protocol, and does not reach the server',
    async (fault) => {
      await start(fault, {
        errorBody: ({ status, method, path }) => ({
          body: `<${status} ${method} ${path}>`,
          headers: { 'x-kind': 'xml' },
        }),
      })
      for (let round = 0; round < 8; round += 1) {
        const answer = await fetch(`${proxy.url}/a?b`, { method: 'PUT', body: content })
        expect([answer.status, await answer.text()]).toEqual([Number(fault), `<${fault} PUT /a?b>`])
        expect(answer.headers.get('x-kind')).toBe('xml')
      }
      expect(seen).toEqual([])
      expect(proxy.counts[fault]).toBe(8)
    },
  )

  it('429 says sometimes when to come again', async () => {
    await start('429')
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(proxy.url)))
    const found = new Set(answers.map(({ headers }) => headers.get('retry-after')))
    expect(found).toEqual(new Set([null, '0', '1']))
  })

  it('reset breaks the connection, and the server sees nothing', async () => {
    await start('reset')
    await expect(fetch(proxy.url)).rejects.toThrow()
    expect([seen.length, proxy.counts.reset]).toEqual([0, 1])
  })

  it('lost breaks the connection after the server has done it', async () => {
    await start('lost')
    await expect(fetch(proxy.url, { method: 'PUT', body: content })).rejects.toThrow()
    expect(seen).toMatchObject([{ method: 'PUT', complete: true }])
    expect(seen[0]?.body.equals(content)).toBe(true)
    expect(proxy.counts.lost).toBe(1)
  })

  it('cut ends an answer half-way', async () => {
    await start('cut')
    const answer = await fetch(proxy.url)
    const chunks: Uint8Array[] = []
    const read = async () => {
      for await (const chunk of answer.body ?? []) chunks.push(chunk as Uint8Array)
    }
    await expect(read()).rejects.toThrow()
    const got = Buffer.concat(chunks)
    expect(got.length).toBe(content.length / 2)
    expect(got.equals(content.subarray(0, got.length))).toBe(true)
    expect(proxy.counts.cut).toBe(1)
  })

  it('cut ends an upload half-way', async () => {
    await start('cut')
    await expect(fetch(proxy.url, { method: 'PUT', body: content })).rejects.toThrow()
    await expect.poll(() => seen.length).toBe(1)
    expect(seen[0]).toMatchObject({ complete: false })
    expect(seen[0]?.body.length).toBeLessThanOrEqual(content.length / 2)
    expect(proxy.counts.cut).toBe(1)
  })

  it('corrupt flips one bit of an object and keeps its length, and leaves listings alone', async () => {
    await start('corrupt')
    const got = Buffer.from(await (await fetch(proxy.url)).arrayBuffer())
    const wrong = [...got.entries()].filter(([index, byte]) => byte !== content[index])
    expect([got.length, wrong.length]).toEqual([content.length, 1])
    expect(await (await fetch(`${proxy.url}/listing`)).text()).toBe('<keys/>')
    expect(proxy.counts.corrupt).toBe(1)
  })

  it('slow delivers everything, later', async () => {
    await start('slow')
    for (let round = 0; round < 6; round += 1) {
      const started = performance.now()
      const got = Buffer.from(await (await fetch(proxy.url)).arrayBuffer())
      expect(performance.now() - started).toBeGreaterThan(15)
      expect(got.equals(content)).toBe(true)
    }
    expect(proxy.counts.slow).toBe(6)
  })

  it('skew answers 403 from 20 minutes ahead', async () => {
    await start('skew')
    const answer = await fetch(proxy.url)
    expect(answer.status).toBe(403)
    const ahead = Date.parse(answer.headers.get('date') ?? '') - Date.now()
    expect(Math.abs(ahead - 20 * 60_000)).toBeLessThan(5_000)
  })
})

it('gives one fault in four requests, the same with the same seed', async () => {
  const rounds: string[] = []
  for (let round = 0; round < 2; round += 1) {
    await using again = await startFaultProxy({ target, seed: 7 })
    for (let count = 0; count < 200; count += 1) {
      await fetch(`${again.url}/listing`, { method: 'DELETE' }).then(
        (answer) => answer.text(),
        () => '',
      )
    }
    rounds.push(JSON.stringify(again.counts))
    const faults = Object.values(again.counts).reduce((sum, count) => sum + count)
    expect(faults).toBeGreaterThan(30)
    expect(faults).toBeLessThan(70)
  }
  expect(rounds[0]).toBe(rounds[1])
})

it('its rate and faults can be changed while it runs', async () => {
  await start('503', { rate: 0 })
  expect((await fetch(proxy.url)).status).toBe(200)
  proxy.setRate(1)
  expect((await fetch(proxy.url)).status).toBe(503)
  proxy.setFaults(['500'])
  expect((await fetch(proxy.url)).status).toBe(500)
})

it('a target that is no origin is refused', async () => {
  await expect(startFaultProxy({ target: 'https://example.org/x' })).rejects.toThrow('no origin')
})
