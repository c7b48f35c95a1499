/** Reading large objects by several ranges at once: exact bytes, one request where one is enough, damage found. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type MemoryDriverOptions, type MemoryStore, memoryStore, pattern } from './memory-driver.js'

const parts = { partSize: 1000, concurrency: 4 }

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'stack-download-'))
}

/** Every way to read an object whole. */
const ways: Record<string, (store: MemoryStore, options: object) => Promise<Uint8Array>> = {
  read: (store, options) => store.read('object', { ...parts, ...options }),
  async readInto(store, options) {
    const memory = new Uint8Array(20_000).fill(0xee)
    const length = await store.readInto('object', memory, { ...parts, ...options })
    expect(memory.subarray(length).every((byte) => byte === 0xee)).toBe(true)
    return memory.subarray(0, length)
  },
  async download(store, options) {
    const directory = newDirectory()
    const file = join(directory, 'file')
    writeFileSync(file, 'what was there before and is longer than some of what comes'.repeat(9))
    try {
      const result = await store.download('object', file, { ...parts, ...options })
      expect(result.size).toBe(readFileSync(file).length)
      return readFileSync(file)
    } finally {
      expect(readdirSync(directory)).toEqual(['file'])
    }
  },
}

describe.each(Object.keys(ways))('%s', (name) => {
  const readAll = ways[name] as (typeof ways)[string]
  const holding = async (size: number, options: MemoryDriverOptions = {}) => {
    const made = memoryStore({ checksums: true, ...options })
    await made.store.write('object', pattern(size))
    made.driver.calls.length = 0
    return made
  }

  test.each([0, 1, 999, 1000, 1001, 2000, 2001, 9999])(
    'gives %i bytes exactly, and asks once where one part is enough',
    async (size) => {
      const { store, driver } = await holding(size, { latencyMs: 1 })
      expect(Buffer.from(await readAll(store, {})).equals(pattern(size))).toBe(true)
      const gets = driver.called('get')
      expect(gets.length > 1).toBe(size > 1000)
      expect(new Set(gets.map(({ start }) => start)).size).toBe(gets.length)
      expect(driver.openBodies).toBe(0)
    },
  )

  test('reads the first answer from the front while others take ranges from the back', async () => {
    const { store, driver } = await holding(10_000, { latencyMs: 1 })
    await readAll(store, {})
    expect(
      driver
        .called('get')
        .slice(0, 4)
        .map(({ start }) => start),
    ).toEqual([0, 9000, 8000, 7000])
  })

  test('asks no second time where one at a time is asked for', async () => {
    const { store, driver } = await holding(3000, { before: ({ start }) => (start === 0 ? undefined : delay(300)) })
    await readAll(store, { concurrency: 1 })
    expect(driver.called('get')).toHaveLength(1)
  })

  test('gives ranges of a large object', async () => {
    const { store } = await holding(10_000)
    const ranges = [
      [{ start: 10, end: 5000 }, 10, 5000],
      [{ start: 4999 }, 4999, 10_000],
      [{ suffix: 3001 }, 6999, 10_000],
      [{ start: 9000, end: 99_999 }, 9000, 10_000],
      [{ start: 5, end: 5 }, 5, 5],
    ] as const
    for (const [range, start, end] of ranges) {
      expect(Buffer.from(await readAll(store, { range })).equals(pattern(10_000).subarray(start, end))).toBe(true)
    }
    await expect(readAll(store, { range: { start: 10_000 } })).rejects.toMatchObject({ code: 'range-not-satisfiable' })
  })

  test.each([0, 450, 1000])('checks what a driver shows of a range, %i bytes, and what it does not', async (shows) => {
    const { store } = await holding(10_000, { latencyMs: 1, shows })
    expect(Buffer.from(await readAll(store, {})).equals(pattern(10_000))).toBe(true)
    for (const damagedAt of [100, 700]) {
      const damaged = await holding(10_000, {
        latencyMs: 1,
        shows,
        tamper: (bytes, { start }) => {
          if (start === 8000) bytes[damagedAt] = (bytes[damagedAt] ?? 0) ^ 1
          return bytes
        },
      })
      await expect(readAll(damaged.store, {})).rejects.toMatchObject({ code: 'checksum-mismatch' })
    }
  })

  test('reads damaged bytes once more, and then it is checksum-mismatch', async () => {
    for (const [damaged, error] of [
      [1, undefined],
      [2, 'checksum-mismatch'],
    ] as const) {
      let left: number = damaged
      const { store, driver } = await holding(10_000, {
        latencyMs: 1,
        tamper: (bytes, { start }) => {
          if (start !== 8000 || left === 0) return bytes
          left -= 1
          bytes[500] = (bytes[500] ?? 0) ^ 1
          return bytes
        },
      })
      const reading = readAll(store, {})
      if (error === undefined) expect(Buffer.from(await reading).equals(pattern(10_000))).toBe(true)
      else await expect(reading).rejects.toMatchObject({ code: error, details: { attempts: 2 } })
      expect(driver.called('get').filter(({ start }) => start === 0)).toHaveLength(2)
      expect(driver.openBodies).toBe(0)
    }
  })

  test('compares with the checksum of the caller', async () => {
    const { store } = await holding(10_000)
    const checksum = `sha256:${createHash('sha256').update(pattern(10_000)).digest('hex')}`
    expect(await readAll(store, { checksum })).toHaveLength(10_000)
    const wrong = `sha256:${'0'.repeat(64)}`
    await expect(readAll(store, { checksum: wrong })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      details: { attempts: 2, uri: 'memory://bucket/object' },
    })
    await expect(readAll(store, { checksum: 'md5:0' })).rejects.toMatchObject({ code: 'usage' })
  })

  test('gives one version where the object is replaced meanwhile, unless a version was asked for', async () => {
    for (const asked of [false, true]) {
      let replaced = false
      const { store, driver } = await holding(10_000, {
        latencyMs: 1,
        before: async ({ verb, start }) => {
          if (verb !== 'get' || start === 0 || replaced) return
          replaced = true
          await store.write('object', pattern(12_000).reverse())
        },
      })
      const version = driver.objects.get('object')?.stat.version
      const reading = readAll(store, asked ? { ifMatch: version } : {})
      if (asked) await expect(reading).rejects.toMatchObject({ code: 'precondition-failed' })
      else expect(Buffer.from(await reading).equals(pattern(12_000).reverse())).toBe(true)
      expect(driver.openBodies).toBe(0)
    }
  })

  test('fails where one range fails, and closes what is open', async () => {
    const { store, driver } = await holding(10_000, {
      latencyMs: 1,
      before: ({ verb, start }) => {
        if (verb === 'get' && start === 7000) throw new Error('no more')
      },
    })
    await expect(readAll(store, {})).rejects.toMatchObject({ code: 'unexpected' })
    await delay(5)
    expect(driver.openBodies).toBe(0)
  })

  test.each([0, 1, 5, 20])(
    'that is aborted after %i ms rejects with the reason, and nothing stays open',
    async (ms) => {
      const { store, driver } = await holding(20_000, { latencyMs: 10 })
      const controller = new AbortController()
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), ms)
      await expect(readAll(store, { signal: controller.signal })).rejects.toBe(reason)
      await delay(20)
      expect(driver.openBodies).toBe(0)
    },
  )

  test('tells what is absent, and what is a directory', async () => {
    const { store } = memoryStore()
    await expect(readAll(store, {})).rejects.toMatchObject({ code: 'not-found' })
    await store.write('object/below', 'x')
    await expect(readAll(store, {})).rejects.toMatchObject({ code: 'is-a-directory' })
  })
})

describe('readInto', () => {
  test('refuses memory that is too small, and keeps it as it was', async () => {
    const { store, driver } = memoryStore()
    await store.write('object', pattern(5000))
    const memory = new Uint8Array(4999)
    await expect(store.readInto('object', memory)).rejects.toMatchObject({ code: 'usage' })
    expect(memory.every((byte) => byte === 0)).toBe(true)
    expect(driver.openBodies).toBe(0)
  })
})

describe('download', () => {
  test('into a directory that is absent, or onto one, is refused and leaves nothing', async () => {
    const { store } = memoryStore()
    await store.write('object', pattern(5000))
    const directory = newDirectory()
    await expect(store.download('object', join(directory, 'no/file'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.download('object', directory)).rejects.toMatchObject({ code: 'is-a-directory' })
    expect(readdirSync(directory)).toEqual([])
  })

  test('has no more ranges on their way than are allowed', async () => {
    let now = 0
    let peak = 0
    const { store } = memoryStore({
      latencyMs: 1,
      before: async ({ verb }) => {
        if (verb !== 'get') return
        now += 1
        peak = Math.max(peak, now)
        await delay(2)
        now -= 1
      },
    })
    await store.write('object', pattern(30_000))
    await store.download('object', join(newDirectory(), 'file'), parts)
    expect(peak).toBe(3)
  })
})

describe('stream', () => {
  test('holds nothing after it was cancelled, aborted, read or dropped', async () => {
    const { store, driver } = memoryStore()
    await store.write('object', pattern(5000))
    const unread = await store.stream('object')
    await unread.cancel()
    const begun = (await store.stream('object')).getReader()
    await begun.read()
    await begun.cancel()
    for await (const _ of await store.stream('object'));
    const controller = new AbortController()
    const aborted = await store.stream('object', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(aborted.getReader().read()).rejects.toThrow('enough')
    await delay(1)
    expect(driver.openBodies).toBe(0)
  })

  test('that is aborted while it waits rejects with the reason soon', async () => {
    const { store } = memoryStore({ latencyMs: 60_000 })
    await store.write('object', pattern(5000))
    const controller = new AbortController()
    const reader = (await store.stream('object', { signal: controller.signal })).getReader()
    setTimeout(() => controller.abort(new Error('enough')), 10)
    const started = performance.now()
    await expect(reader.read()).rejects.toThrow('enough')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
