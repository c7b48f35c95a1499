/** Answers that wait for their reader. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Connections } from '../src/index.js'

it.each([0.5, 0.6, 0.9, 1.3, 3])(
  'a body of %d MiB that nobody asked for yet comes whole when somebody does',
  async (mebibytes) => {
    const bytes = Buffer.alloc(Math.floor(mebibytes * 1024 ** 2) + 7, 'abc')
    const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connections = new Connections(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const open = async () => {
      const answer = await connections.request({ method: 'GET', path: '/', headers: {} })
      await setTimeout(50)
      return answer.body
    }
    try {
      const target = Buffer.alloc(bytes.length)
      expect(await (await open()).fill(target)).toEqual({ bytes: bytes.length })
      expect(target.equals(bytes)).toBe(true)
      let streamed = 0
      for await (const chunk of await open()) streamed += chunk.byteLength
      expect(streamed).toBe(bytes.length)
      expect((await (await open()).text()).length).toBe(bytes.length)
    } finally {
      await connections.dispose()
      server.close()
    }
  },
)
