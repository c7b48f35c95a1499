/** Requests and their answers, at a server in this process. */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Connections, isConnectionFailure } from '../src/index.js'

const opened: { server: Server; connections: Connections }[] = []

async function serve(answer: RequestListener) {
  const server = createServer(answer)
  let sockets = 0
  server.on('connection', () => {
    sockets += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const connections = new Connections(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  opened.push({ server, connections })
  const get = (options: { method?: 'GET' | 'HEAD'; signal?: AbortSignal } = {}) =>
    connections.request({ method: 'GET', path: '/', headers: {}, ...options })
  return { connections, get, countSockets: () => sockets }
}

afterEach(async () => {
  for (const { server, connections } of opened.splice(0)) {
    await connections.dispose()
    server.closeAllConnections()
    server.close()
  }
})

/** Different everywhere, so that bytes in the wrong place are seen. */
const large = Buffer.from(Uint32Array.from({ length: 3 * 256 * 1024 }, (_, index) => index * 2654435761).buffer)

describe('an answer', () => {
  it('is read into memory, as text, or chunk by chunk', async () => {
    const { get } = await serve((_, response) => response.setHeader('etag', '"1"').end('{"a":1}'))
    const { statusCode, headers, body } = await get()
    expect([statusCode, headers.etag]).toEqual([200, '"1"'])
    const memory = Buffer.alloc(7)
    expect(await body.fill(memory)).toEqual({ bytes: 7 })
    expect(memory.toString()).toBe('{"a":1}')
    expect(await (await get()).body.text(100)).toBe('{"a":1}')
    const chunks: Uint8Array[] = []
    for await (const chunk of (await get()).body) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('{"a":1}')
  })

  it('larger than what may wait is held back until it is read, whole', async () => {
    const { get } = await serve((_, response) => response.end(large))
    const { body } = await get()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const memory = Buffer.alloc(large.length)
    expect(await body.fill(memory)).toEqual({ bytes: large.length })
    expect(memory.equals(large)).toBe(true)
  })

  it('that is cut off tells how much of it came', async () => {
    const { get } = await serve((_, response) => {
      response.setHeader('content-length', '10')
      response.write('12345', () => response.destroy())
    })
    const filled = await (await get()).body.fill(Buffer.alloc(10))
    expect(filled.bytes).toBe(5)
    expect(filled.failure).toBeInstanceOf(Error)
    await expect((await get()).body.text(100)).rejects.toThrow()
  })

  it('fills one memory after the other, and tells where it ends', async () => {
    const { get } = await serve((_, response) => response.end(large))
    const { body } = await get()
    const pieces: Buffer[] = []
    for (const size of [0, 1, 100_000, 1_000_000, large.length]) {
      const piece = Buffer.alloc(size)
      pieces.push(piece.subarray(0, (await body.fill(piece)).bytes))
      // What comes meanwhile waits.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(Buffer.concat(pieces).equals(large)).toBe(true)
    expect(await body.fill(Buffer.alloc(1))).toEqual({ bytes: 0 })
  })

  it('is whole though the memory of its connection is used again and again', async () => {
    const { get, countSockets } = await serve((_, response) => response.end(large))
    for (let count = 0; count < 5; count += 1) {
      const chunks: Uint8Array[] = []
      for await (const chunk of (await get()).body) {
        chunks.push(chunk)
        if (chunks.length % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(Buffer.concat(chunks).equals(large)).toBe(true)
    }
    expect(countSockets()).toBeLessThanOrEqual(2)
  })

  describe('whose connection ends with it', () => {
    const serveLast = (cutAt = large.length) =>
      serve((_, response) => {
        response.writeHead(200, { connection: 'close', 'content-length': large.length })
        if (cutAt < large.length) response.write(large.subarray(0, cutAt), () => response.socket?.end())
        else response.end(large)
      })

    it('is whole, however slowly it is read', async () => {
      const { body } = await (await serveLast()).get()
      const memory = Buffer.alloc(large.length)
      for (let start = 0; start < large.length; start += 1_000_000) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        await body.fill(memory.subarray(start, start + 1_000_000))
      }
      expect(memory.equals(large)).toBe(true)
    })

    it('and is cut while nobody reads, tells it who reads then', async () => {
      const { body } = await (await serveLast(1_000_000)).get()
      await new Promise((resolve) => setTimeout(resolve, 100))
      const { bytes, failure } = await body.fill(Buffer.alloc(large.length))
      expect([bytes, isConnectionFailure(failure)]).toEqual([1_000_000, true])
    })

    it('is given up where nobody reads much of it', async () => {
      const { get } = await serve((_, response) => {
        response.writeHead(200, { connection: 'close', 'content-length': 4 * large.length })
        for (let count = 0; count < 4; count += 1) response.write(large)
        response.end()
      })
      const { body } = await get()
      await new Promise((resolve) => setTimeout(resolve, 300))
      const { bytes, failure } = await body.fill(Buffer.alloc(4 * large.length))
      expect(isConnectionFailure(failure)).toBe(true)
      expect(bytes).toBeGreaterThan(7 * 1024 ** 2)
      expect(bytes).toBeLessThanOrEqual(8 * 1024 ** 2)
    })
  })

  it('whose head comes byte by byte after a large body is read right', async () => {
    const { get } = await serve((request, response) => {
      if (request.method === 'GET') return response.end(large)
      const head = 'HTTP/1.1 200 OK\r\nx-long: '.concat('y'.repeat(5000), '\r\nx-last: z\r\ncontent-length: 0\r\n\r\n')
      const { socket } = request
      const send = (from: number): void => {
        if (from >= head.length) return
        socket.write(head.slice(from, from + 50), () => setImmediate(send, from + 50))
      }
      return send(0)
    })
    await (await get()).body.text(10 * 1024 ** 2)
    const { headers } = await get({ method: 'HEAD' })
    expect([headers['x-long'], headers['x-last']]).toEqual(['y'.repeat(5000), 'z'])
  })

  it('is aborted with the reason of the signal, before it comes and while it does', async () => {
    const { get } = await serve((_, response) => void response.write('1'))
    const reason = new Error('enough')
    await expect(get({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const { body } = await get({ signal: controller.signal })
    controller.abort(reason)
    await expect(body.text(100)).rejects.toBe(reason)
  })

  it('to HEAD, and one that is let go by, keep their connection', async () => {
    const { get, countSockets } = await serve((_, response) => response.end('12345'))
    for (let count = 0; count < 10; count += 1) {
      await (await get({ method: 'HEAD' })).body.text(100)
      await (await get()).body.text(10 * 1024 ** 2)
    }
    // One may still be at its last answer when the next request is sent.
    expect(countSockets()).toBeLessThanOrEqual(2)
  })

  it('that is closed before its end gives its connection up', async () => {
    let ended: Promise<unknown> | undefined
    const { get } = await serve((_, response) => {
      ended = once(response, 'close')
      response.write('1')
    })
    ;(await get()).body.close()
    await ended
  })

  it('to nobody who listens is an error of the connection', async () => {
    const connections = new Connections('http://127.0.0.1:1')
    await expect(connections.request({ method: 'GET', path: '/', headers: {} })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    await connections.dispose()
  })
})
