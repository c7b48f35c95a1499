/** Writing in parts: what goes by one request, the limit of memory, and that no upload is ever left. */
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Call, type MemoryDriverOptions, type MemoryStore, memoryStore, pattern } from './memory-driver.js'

const parts = { partSize: 1000, concurrency: 4 }

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

function fileOf(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'stack-upload-')), 'file')
  writeFileSync(path, bytes)
  return path
}

const sources: Record<string, (bytes: Uint8Array) => Parameters<MemoryStore['write']>[1]> = {
  bytes: (bytes) => bytes,
  'a Blob': (bytes) => new Blob([new Uint8Array(bytes)]),
  'a file': (bytes) => ({ file: fileOf(bytes) }),
  'a stream': (bytes) => new Blob([new Uint8Array(bytes)]).stream(),
  'an iterable of odd chunks': (bytes) => chunksOf(bytes, 333),
  'an iterable of one chunk': (bytes) => chunksOf(bytes, Math.max(1, bytes.length)),
  'an iterable of single bytes': (bytes) => chunksOf(bytes, 1),
}

describe.each(Object.keys(sources))('from %s', (kind) => {
  const source = sources[kind] as (typeof sources)[string]

  test.each([0, 1, 999, 1000, 1001, 2000, 2001, 7777])(
    '%i bytes arrive exactly, in parts where they are more than one',
    async (size) => {
      for (const inOrder of [false, true]) {
        const { store, driver } = memoryStore({ inOrder })
        const bytes = pattern(size)
        const result = await store.write('object', source(bytes), parts)
        expect(result).toEqual({ size, version: expect.any(String) })
        expect(Buffer.from(driver.objects.get('object')?.bytes ?? []).equals(bytes)).toBe(true)
        const sent = driver.called('part')
        expect(driver.called('put')).toHaveLength(size <= 1000 ? 1 : 0)
        expect(sent.map((call) => call.number).sort((left, right) => (left ?? 0) - (right ?? 0))).toEqual(
          Array.from({ length: size <= 1000 ? 0 : Math.ceil(size / 1000) }, (_, index) => index + 1),
        )
        expect(sent.filter((call) => call.last).map((call) => call.number)).toEqual(
          size <= 1000 ? [] : [Math.ceil(size / 1000)],
        )
        expect(driver.uploads.size).toBe(0)
      }
    },
  )
})

describe('the checksum of a part of a file', () => {
  test('is asked for while the part before is on its way, and comes with its part', async () => {
    const { store, driver } = memoryStore({ latencyMs: 5 })
    const log: string[] = []
    const begin = driver.multipart.bind(driver)
    driver.multipart = async (key, options) => {
      const upload = await begin(key, options)
      return {
        ...upload,
        async checksum(source) {
          const start = source.kind === 'file' ? source.start : undefined
          log.push(`checksum ${start}`)
          return `of ${start}`
        },
        async part(number, source, given) {
          log.push(`send ${given.checksum}`)
          const result = await upload.part(number, source, given)
          log.push('sent')
          return result
        },
      }
    }
    await store.write('object', { file: fileOf(pattern(2500)) }, { partSize: 1000, concurrency: 1 })
    expect(log).toEqual([
      ...['checksum 0', 'send of 0', 'checksum 1000', 'sent'],
      ...['send of 1000', 'checksum 2000', 'sent'],
      ...['send of 2000', 'sent'],
    ])
  })

  test('that cannot be computed ends the upload', async () => {
    const { store, driver } = memoryStore()
    const begin = driver.multipart.bind(driver)
    driver.multipart = async (key, options) => ({
      ...(await begin(key, options)),
      checksum: () => Promise.reject(new Error('the file is gone')),
    })
    await expect(store.write('object', { file: fileOf(pattern(2500)) }, parts)).rejects.toThrow('the file is gone')
    expect(driver.uploads.size).toBe(0)
  })
})

describe('what goes by one request', () => {
  test('is up to 16 MiB where the size is known, and up to a part of 8 MiB where it is not', async () => {
    const { store, driver } = memoryStore()
    await store.write('known', new Uint8Array(16 * 1024 ** 2))
    await store.write('unknown', chunksOf(new Uint8Array(8 * 1024 ** 2), 1024 ** 2))
    expect(driver.called('multipart')).toEqual([])
    await store.write('known', new Uint8Array(16 * 1024 ** 2 + 1))
    await store.write('unknown', chunksOf(new Uint8Array(8 * 1024 ** 2 + 1), 1024 ** 2))
    expect(driver.called('part').map(({ key, size }) => [key, size])).toEqual([
      ...['known', 'known'].map((key) => [key, 8 * 1024 ** 2]),
      ['known', 1],
      ['unknown', 8 * 1024 ** 2],
      ['unknown', 1],
    ])
  })

  test('is everything where the driver takes no parts', async () => {
    const { store, driver } = memoryStore()
    Reflect.set(driver, 'multipart', undefined)
    await store.write('object', chunksOf(pattern(5000), 700), parts)
    expect(driver.called('put')).toMatchObject([{ size: 5000 }])
  })
})

describe('the memory of an upload', () => {
  test('is never more than partSize × concurrency, and the source waits', async () => {
    const { store, driver } = memoryStore({ latencyMs: 5 })
    let pulled = 0
    let ahead = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 300; count += 1) {
        pulled += 100
        const arrived = driver.called('part').length * 1000 - driver.inFlight.bytes
        ahead = Math.max(ahead, pulled - arrived)
        yield new Uint8Array(100)
      }
    }
    await store.write('object', source(), parts)
    expect(driver.inFlight.peakParts).toBeGreaterThan(1)
    // What is in the source's hands is the source's.
    expect(ahead).toBeLessThanOrEqual(4 * 1000 + 100)
  })

  test('is one part at a time with a concurrency of one', async () => {
    const { store, driver } = memoryStore({ latencyMs: 1 })
    await store.write('object', chunksOf(pattern(9000), 100), { partSize: 1000, concurrency: 1 })
    expect(driver.inFlight).toMatchObject({ peakParts: 1, peak: 1000 })
  })

  test('of a file is none: its parts are ranges of it, as many at once as are allowed', async () => {
    const { store, driver } = memoryStore({ latencyMs: 5 })
    await store.write('object', { file: fileOf(pattern(20_000)) }, parts)
    expect(driver.inFlight).toMatchObject({ peakParts: 4, peak: 0 })
  })

  test('holds one part where they are taken in order, while the next is gathered', async () => {
    for (const source of [chunksOf(pattern(9500), 100), { file: fileOf(pattern(9500)) }, pattern(9500)]) {
      const { store, driver } = memoryStore({ latencyMs: 1, inOrder: true })
      await store.write('object', source, parts)
      expect(driver.inFlight.peakParts).toBe(1)
      expect(driver.called('part').map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }
  })
})

describe('the size of parts', () => {
  const sizes = async (options: MemoryDriverOptions, source: Parameters<MemoryStore['write']>[1]) => {
    const { store, driver } = memoryStore(options)
    await store.write('object', source, parts)
    return driver.called('part').map(({ size }) => size)
  }

  test('grows so that no more are needed than the store takes', async () => {
    expect(await sizes({ maxParts: 3 }, pattern(10_000))).toEqual([3334, 3334, 3332])
    expect(await sizes({ maxParts: 3 }, { file: fileOf(pattern(10_000)) })).toEqual([3334, 3334, 3332])
    expect(await sizes({ maxParts: 3 }, new Blob([pattern(10_000)]))).toEqual([3334, 3334, 3332])
  })

  test('of a stream of unknown length grows in its second half, as far as the memory goes', async () => {
    const grown = await sizes({ maxParts: 8 }, chunksOf(pattern(15_000), 500))
    expect(grown).toEqual([1000, 1000, 1000, 1000, 4000, 4000, 3000])
  })

  test('is within the limits of the store, and a multiple of what it wants', async () => {
    expect(await sizes({ partSize: { min: 1500, max: 9000 } }, chunksOf(pattern(4000), 70))).toEqual([1500, 1500, 1000])
    expect(await sizes({ partSize: { min: 1, max: 400 } }, chunksOf(pattern(1100), 70))).toEqual([400, 400, 300])
    expect(await sizes({ partSize: { min: 1, max: 9000, multiple: 256 } }, pattern(2500))).toEqual([1024, 1024, 452])
    expect(await sizes({ partSize: { min: 1, max: 9000, multiple: 256 } }, chunksOf(pattern(2500), 9))).toEqual([
      1024, 1024, 452,
    ])
  })

  test('that cannot hold it all is unsupported, and nothing is left', async () => {
    for (const source of [pattern(5000), chunksOf(pattern(5000), 100)]) {
      const { store, driver } = memoryStore({ maxParts: 3, partSize: { min: 1, max: 1000 } })
      await expect(store.write('object', source, parts)).rejects.toMatchObject({ code: 'unsupported' })
      expect({ uploads: driver.uploads.size, objects: driver.objects.size }).toEqual({ uploads: 0, objects: 0 })
    }
  })

  test.each([0, -1, 1.5, Number.NaN])('of %d is refused', async (wrong) => {
    const { store } = memoryStore()
    await expect(store.write('object', 'x', { partSize: wrong })).rejects.toMatchObject({ code: 'usage' })
    await expect(store.write('object', 'x', { concurrency: wrong })).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('an upload that fails', () => {
  const failing = (verb: string, number?: number) => ({
    latencyMs: 2,
    before: (call: Call) => {
      if (call.verb === verb && (number === undefined || call.number === number)) throw new Error('no more')
    },
  })

  test.each([
    ['a part', failing('part', 3)],
    ['the completion', failing('complete')],
  ])('because of %s is aborted, and its other parts are cancelled', async (_, options) => {
    for (const source of [pattern(9000), chunksOf(pattern(9000), 100), { file: fileOf(pattern(9000)) }]) {
      const { store, driver } = memoryStore(options)
      await expect(store.write('object', source, parts)).rejects.toMatchObject({ code: 'unexpected' })
      expect({ uploads: driver.uploads.size, objects: driver.objects.size }).toEqual({ uploads: 0, objects: 0 })
      expect(driver.inFlight.parts).toBe(0)
    }
  })

  test('because of its source is aborted, and no part after the error is sent', async () => {
    for (const inOrder of [false, true]) {
      const { store, driver } = memoryStore({ latencyMs: 1, inOrder })
      const failure = new Error('the source broke')
      async function* source(): AsyncGenerator<Uint8Array> {
        yield pattern(4500)
        throw failure
      }
      await expect(store.write('object', source(), parts)).rejects.toMatchObject({ cause: failure })
      expect({ uploads: driver.uploads.size, objects: driver.objects.size }).toEqual({ uploads: 0, objects: 0 })
      expect(driver.called('part').some((call) => call.last)).toBe(false)
    }
  })

  test('ends its source', async () => {
    const { store } = memoryStore(failing('part', 1))
    let ended = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield pattern(700)
      } finally {
        ended = true
      }
    }
    await expect(store.write('object', source(), parts)).rejects.toMatchObject({ code: 'unexpected' })
    expect(ended).toBe(true)
  })

  test('because a file changed meanwhile is precondition-failed', async () => {
    const file = fileOf(pattern(5000))
    const { store, driver } = memoryStore({
      before: ({ verb, number }) => {
        if (verb === 'part' && number === 2) appendFileSync(file, 'more')
      },
    })
    await expect(store.write('object', { file }, parts)).rejects.toMatchObject({ code: 'precondition-failed' })
    expect({ uploads: driver.uploads.size, objects: driver.objects.size }).toEqual({ uploads: 0, objects: 0 })
  })

  test('because the object exists keeps it, and leaves nothing', async () => {
    const { store, driver } = memoryStore()
    await store.write('object', 'old')
    const write = store.write('object', pattern(5000), { ...parts, ifAbsent: true })
    await expect(write).rejects.toMatchObject({ code: 'already-exists' })
    await expect(store.write('object', pattern(5000), { ...parts, ifMatch: 'stale' })).rejects.toMatchObject({
      code: 'precondition-failed',
    })
    expect(await store.readText('object')).toBe('old')
    expect(driver.uploads.size).toBe(0)
  })
})

describe('an upload that is aborted', () => {
  test.each([0, 1, 3, 10, 25])('after %i ms rejects with the reason when the upload is gone', async (ms) => {
    for (const endless of [false, true]) {
      const { store, driver } = memoryStore({ latencyMs: 5 })
      const controller = new AbortController()
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), ms)
      async function* source(): AsyncGenerator<Uint8Array> {
        for (;;) {
          yield pattern(700)
          if (endless) await delay(1)
        }
      }
      const started = performance.now()
      await expect(store.write('object', source(), { ...parts, signal: controller.signal })).rejects.toBe(reason)
      expect(performance.now() - started).toBeLessThan(ms + 1000)
      expect({ uploads: driver.uploads.size, parts: driver.inFlight.parts }).toEqual({ uploads: 0, parts: 0 })
    }
  })

  test('rejects within a second where neither source nor driver answer', async () => {
    const silent = new Promise<void>(() => {})
    for (const verb of ['part', 'complete', 'multipart', 'put']) {
      const { store } = memoryStore({ before: (call) => (call.verb === verb ? silent : undefined) })
      const controller = new AbortController()
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 10)
      const data = verb === 'put' ? 'x' : pattern(5000)
      const started = performance.now()
      await expect(store.write('object', data, { ...parts, signal: controller.signal })).rejects.toBe(reason)
      expect(performance.now() - started).toBeLessThan(1000)
    }
    const { store } = memoryStore()
    const stuck = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(pattern(5000)) })
    const write = store.write('object', stuck, { ...parts, timeoutMs: 20 })
    await expect(write).rejects.toMatchObject({ code: 'timed-out' })
  })

  test('while it begins is not left behind', async () => {
    const controller = new AbortController()
    const { store, driver } = memoryStore({
      before: async ({ verb }) => {
        if (verb !== 'multipart') return
        controller.abort(new Error('enough'))
        await delay(10)
      },
    })
    await expect(store.write('object', pattern(5000), { ...parts, signal: controller.signal })).rejects.toThrow(
      'enough',
    )
    expect(driver.called('multipart')).toHaveLength(1)
    expect(driver.uploads.size).toBe(0)
  })
})
