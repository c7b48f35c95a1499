/** Writers: chunk by chunk, with the store's pace, whole or not at all. */

import { buffer, text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { memoryStore, pattern } from './memory-driver.js'

const parts = { partSize: 1000, concurrency: 2 }

describe('writer', () => {
  test.each([0, 1, 700, 1000, 4321])(
    'gives an object of %i bytes when it is closed, and nothing before',
    async (size) => {
      const { store, driver } = memoryStore()
      const writer = await store.writer('object', { ...parts, contentType: 'text/plain' })
      for (let start = 0; start < size; start += 99) await writer.write(pattern(size).subarray(start, start + 99))
      expect(driver.objects.size).toBe(0)
      expect(await writer.close()).toEqual({ size, version: expect.any(String) })
      expect(Buffer.from(await store.read('object')).equals(pattern(size))).toBe(true)
      expect(await store.stat('object')).toMatchObject({ contentType: 'text/plain' })
      await writer.abort()
      expect(await store.exists('object')).toBe(true)
    },
  )

  test('takes text, and chunks whose memory is used again', async () => {
    const { store } = memoryStore()
    const writer = await store.writer('object', parts)
    const memory = new Uint8Array(10)
    for (let count = 0; count < 300; count += 1) await writer.write(memory.fill(count))
    await writer.write('ä')
    await writer.close()
    const expected = Buffer.concat([
      ...Array.from({ length: 300 }, (_, index) => Buffer.alloc(10, index)),
      Buffer.from('ä'),
    ])
    expect(expected.equals(await store.read('object'))).toBe(true)
  })

  test('makes its caller wait for the store', async () => {
    const { store, driver } = memoryStore({ latencyMs: 20 })
    const writer = await store.writer('object', parts)
    let written = 0
    const writing = (async () => {
      for (; written < 100; written += 1) await writer.write(new Uint8Array(500))
    })()
    await delay(10)
    expect(written * 500).toBeLessThanOrEqual(2 * 1000 + 500)
    await writing
    await writer.close()
    expect(driver.inFlight.peak).toBeLessThanOrEqual(2000)
  })

  test('that is aborted, or left by an error, leaves the store as it was', async () => {
    const { store, driver } = memoryStore()
    await store.write('object', 'old')
    for (const chunks of [0, 1, 30]) {
      const writer = await store.writer('object', parts)
      for (let count = 0; count < chunks; count += 1) await writer.write(new Uint8Array(500))
      await writer.abort(new Error('enough'))
      await expect(writer.write('x')).rejects.toMatchObject({ code: 'usage' })
      await expect(writer.close()).rejects.toMatchObject({ code: 'usage' })
    }
    const leave = async () => {
      await using writer = await store.writer('object', parts)
      await writer.write(new Uint8Array(2500))
      throw new Error('thrown in between')
    }
    await expect(leave()).rejects.toThrow('thrown in between')
    expect(await store.readText('object')).toBe('old')
    expect(driver.uploads.size).toBe(0)
  })

  test('tells what failed to the next call, with the URI', async () => {
    const { store, driver } = memoryStore({
      before: ({ verb }) => {
        if (verb === 'part') throw new Error('no more')
      },
    })
    const writer = await store.writer('object', parts)
    const writing = (async () => {
      for (;;) await writer.write(new Uint8Array(500))
    })()
    await expect(writing).rejects.toMatchObject({ code: 'unexpected', details: { uri: 'memory://bucket/object' } })
    await expect(writer.close()).rejects.toMatchObject({ code: 'unexpected' })
    expect(driver.uploads.size).toBe(0)
  })

  test('ends with the signal, also between its calls', async () => {
    const { store, driver } = memoryStore()
    const controller = new AbortController()
    const writer = await store.writer('object', { ...parts, signal: controller.signal })
    await writer.write(new Uint8Array(2500))
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(writer.write('x')).rejects.toBe(reason)
    await expect(writer.close()).rejects.toBe(reason)
    await delay(1)
    expect({ objects: driver.objects.size, uploads: driver.uploads.size }).toEqual({ objects: 0, uploads: 0 })
  })

  test('refuses at once what cannot succeed', async () => {
    const { store } = memoryStore({ capabilities: { metadata: false } })
    await store.write('object', 'old')
    await expect(store.writer('object', { ifAbsent: true })).rejects.toMatchObject({ code: 'already-exists' })
    await expect(store.writer('object', { metadata: {} })).rejects.toMatchObject({ code: 'unsupported' })
    await expect(store.writer('')).rejects.toMatchObject({ code: 'is-a-directory' })
    await expect(store.writer('../object')).rejects.toMatchObject({ code: 'invalid-path' })
  })
})

describe('open', () => {
  test('reads, replaces and creates', async () => {
    const { store } = memoryStore()
    const replacing = await store.open('object', 'w')
    await replacing.write('one')
    await replacing.close()
    expect(await text(await store.open('object'))).toBe('one')
    await expect(store.open('object', 'x')).rejects.toMatchObject({ code: 'already-exists' })
    const creating = await store.open('new', 'x')
    await creating.write('two')
    await creating.close()
    expect(await text(await store.open('new', 'r', { range: { start: 1 } }))).toBe('wo')
    await expect(store.open('object', 'rw' as 'r')).rejects.toMatchObject({ code: 'usage' })
  })

  test('appends, and keeps the content type', async () => {
    const { store } = memoryStore()
    await store.write('object', pattern(3000), { contentType: 'text/x', metadata: { a: 'b' } })
    const appending = await store.open('object', 'a', parts)
    await appending.write('more')
    await appending.close()
    expect(await buffer(await store.open('object'))).toEqual(Buffer.concat([pattern(3000), Buffer.from('more')]))
    expect(await store.stat('object')).toMatchObject({ contentType: 'text/x', metadata: { a: 'b' } })
    const creating = await store.open('new', 'a')
    await creating.write('first')
    await creating.close()
    expect(await store.readText('new')).toBe('first')
  })

  test('of two who append at once refuses one', async () => {
    const { store, driver } = memoryStore()
    for (const [path, code] of [
      ['object', 'precondition-failed'],
      ['new', 'already-exists'],
    ] as const) {
      if (path === 'object') await store.write(path, 'x')
      const [first, second] = [await store.open(path, 'a', parts), await store.open(path, 'a', parts)]
      await first.write('1')
      await second.write('2')
      await first.close()
      await expect(second.close()).rejects.toMatchObject({ code })
      expect(await store.readText(path)).toBe(path === 'object' ? 'x1' : '1')
    }
    expect(driver.uploads.size).toBe(0)
  })
})

describe('presign', () => {
  test('is unsupported where the driver has none', async () => {
    const { store } = memoryStore()
    await expect(store.presign('object', { method: 'GET', expiresIn: 60 })).rejects.toMatchObject({
      code: 'unsupported',
      details: { operation: 'presign', uri: 'memory://bucket/object' },
    })
  })

  test('asks the driver, with numbers that make sense', async () => {
    const { store, driver } = memoryStore()
    const request = { url: 'https://x', method: 'PUT' as const, headers: {}, expiresAt: new Date() }
    Reflect.set(driver, 'presign', async (key: string) => ({ ...request, url: `https://x/${key}` }))
    expect(await store.presign('a b', { method: 'PUT', expiresIn: 60 })).toMatchObject({ url: 'https://x/a b' })
    for (const expiresIn of [0, -1, 1.5, Number.NaN]) {
      await expect(store.presign('a', { method: 'GET', expiresIn })).rejects.toMatchObject({ code: 'usage' })
    }
    await expect(store.presign('a', { method: 'POST' as 'PUT', expiresIn: 1 })).rejects.toMatchObject({ code: 'usage' })
  })
})
