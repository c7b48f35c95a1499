/** Connections through the proxy that the environment names, and past it. */
import { once } from 'node:events'
import { createServer, request as forward, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Connections } from '../src/index.js'

const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const
const kept = new Map(names.map((name) => [name, process.env[name]]))
const seen: string[] = []
let server: Server
let proxy: Server

beforeEach(async () => {
  seen.length = 0
  for (const name of names) delete process.env[name]
  server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`))
  // What it is asked for is at another name than this machine's, so the proxy brings it here whatever it is.
  proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const { pathname } = new URL(request.url ?? '')
    const { port } = server.address() as AddressInfo
    forward({ host: '127.0.0.1', port, path: pathname, headers: request.headers }, (answer) => {
      answer.pipe(response)
    }).end()
  })
  proxy.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`)
    const { port } = server.address() as AddressInfo
    const there = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(there).pipe(socket)
    })
    for (const end of [there, socket]) end.on('error', () => socket.destroy())
  })
  for (const one of [server, proxy]) await once(one.listen(0, '127.0.0.1'), 'listening')
})

afterEach(() => {
  for (const [name, value] of kept) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  for (const one of [server, proxy]) {
    one.closeAllConnections()
    one.close()
  }
})

const urlOf = (one: Server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`

async function ask(origin: string): Promise<string> {
  const connections = new Connections(origin)
  try {
    const { host } = new URL(origin)
    const answer = await connections.request({ method: 'GET', path: '/key', headers: { host } })
    return await answer.body.text(1000)
  } finally {
    await connections.dispose()
  }
}

it('goes through the proxy for its scheme', async () => {
  process.env.HTTP_PROXY = urlOf(proxy)
  expect(await ask('http://bucket.example')).toBe('bucket.example /key')
  expect(seen).toEqual(['GET http://bucket.example/key'])
})

it('asks the proxy for a tunnel where it speaks TLS', async () => {
  process.env.HTTPS_PROXY = urlOf(proxy)
  await expect(ask('https://bucket.example')).rejects.toThrow()
  expect(seen).toEqual(['CONNECT bucket.example:443'])
})

it.each([
  ['where NO_PROXY names the host', { NO_PROXY: '127.0.0.1,.example' }],
  ['where no proxy is named', { HTTP_PROXY: undefined }],
])('goes past the proxy %s', async (_, environment: Readonly<Record<string, string | undefined>>) => {
  process.env.HTTP_PROXY = urlOf(proxy)
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await expect(ask('http://nowhere.example')).rejects.toThrow()
  expect(seen).toEqual([])
})

it('never goes through a proxy to this machine', async () => {
  process.env.HTTP_PROXY = urlOf(proxy)
  expect(await ask(urlOf(server))).toMatch(/ \/key$/)
  expect(seen).toEqual([])
})
