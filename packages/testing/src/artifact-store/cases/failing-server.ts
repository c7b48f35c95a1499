/** Rows 28, 29, 31 and 10: what goes wrong between a store and its server is survived, or told. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isStackError } from '@stack/core'
import { expect } from 'vitest'
import type { FaultName } from '../../fault-proxy/fault-plan.js'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { oddChunks, sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { withShiftedClock } from '../shifted-clock.js'
import { soakArtifactStore } from '../soak/soak-artifact-store.js'
import { allFiles, collect, expectCode, type StoreCase } from '../store-case.js'

/** Backoff takes its time. */
const timeoutMs = 180_000

/** What a store recovers from by trying again. */
const retried: readonly FaultName[] = ['503', '429', '500', 'reset', 'lost', 'cut', 'slow']

export const failingServerCases: readonly StoreCase[] = [
  {
    id: '28.soak',
    title: 'with a fault in 1 of 4 requests, 400 operations have no failure and no wrong answer',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy, faults }) {
      const { store, proxy } = await behindProxy()
      proxy.setFaults(faults)
      proxy.setRate(0.25)
      // No store has a checksum for a part of an object.
      const without = faults.includes('corrupt') ? (['read-range'] as const) : []
      const report = await soakArtifactStore({ store, operations: 400, largest: 2_000_000, without })
      expect(report.corruptions).toEqual([])
      expect(report.failures).toEqual([])
      const happened = faults.filter((fault) => proxy.counts[fault] > 0)
      expect(happened.length, JSON.stringify(proxy.counts)).toBeGreaterThanOrEqual(Math.min(5, faults.length))
    },
  },
  {
    id: '28.each',
    title: 'each kind of fault alone, in 2 of 5 requests, is survived by reads, writes, listings and deletes',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy, faults }) {
      const names = Array.from({ length: 6 }, (_, index) => `n${index}`)
      const survive = async (fault: FaultName): Promise<void> => {
        const { store, proxy } = await behindProxy()
        proxy.setFaults([fault])
        proxy.setRate(0.4)
        await Promise.all(names.map((name) => store.write(`dir/${name}`, name)))
        expect(await Promise.all(names.map((name) => store.readText(`dir/${name}`))), fault).toEqual(names)
        expect(await store.listdir('dir'), fault).toEqual(names)
        await store.rmtree('dir')
        expect(proxy.counts[fault], fault).toBeGreaterThan(0)
        proxy.setRate(0)
        expect(await allFiles(store), fault).toEqual([])
      }
      await Promise.all(retried.filter((fault) => faults.includes(fault)).map(survive))
    },
  },
  {
    id: '28.parts',
    title:
      'with a fault in 1 of 4 requests, large buffers, files and streams go up and come down, and no upload is left',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy, driver, faults }) {
      const { store, proxy } = await behindProxy()
      const partSize = await smallestPartSize(driver)
      const bytes = sampleBytes(partSize * 2 + 1)
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        await writeFile(file, bytes)
        proxy.setFaults(faults.filter((fault) => retried.includes(fault)))
        proxy.setRate(0.25)
        const options = { partSize, concurrency: 3 }
        for (const source of [bytes, { file }, oddChunks(bytes)]) {
          await store.write('object', source, options)
          expect(sameBytes(await store.read('object', options), bytes)).toBe(true)
          expect(sameBytes(Buffer.concat(await collect(await store.stream('object'))), bytes)).toBe(true)
          await store.download('object', `${file}.down`, options)
          expect(sameBytes(await readFile(`${file}.down`), bytes)).toBe(true)
        }
        proxy.setRate(0)
        await expectNoUploads(driver)
      })
    },
  },
  {
    id: '10.lost-answer',
    title: 'a create whose answer was lost is recognised as one’s own, and is still refused to another',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy, capabilities }) {
      const { store, proxy } = await behindProxy()
      proxy.setFaults(['lost'])
      proxy.setRate(0.5)
      for (let round = 0; round < 6; round += 1) await store.write(`made-${round}`, `${round}`, { ifAbsent: true })
      expect(proxy.counts.lost).toBeGreaterThan(0)
      if (capabilities.conditionalCreate) {
        for (let round = 0; round < 6; round += 1) {
          await expectCode(store.write(`made-${round}`, 'other', { ifAbsent: true }), 'already-exists')
        }
      }
      proxy.setRate(0)
      for (let round = 0; round < 6; round += 1) expect(await store.readText(`made-${round}`)).toBe(`${round}`)
    },
  },
  {
    id: '28.persistent',
    title: 'a server that only ever fails is told as such, with the count of attempts; exists is never false for it',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy }) {
      const { store, proxy } = await behindProxy()
      await store.write('object', 'x')
      proxy.setFaults(['503'])
      proxy.setRate(1)
      // At once, since each takes as long as the store goes on trying.
      const answers = await Promise.allSettled([store.read('object'), store.exists('object'), store.listdir('')])
      for (const answer of answers) {
        if (answer.status === 'fulfilled') expect.fail(`The server failed, but the answer is ${String(answer.value)}.`)
        const error: unknown = answer.reason
        if (!isStackError(error)) throw error
        expect(['unavailable', 'rate-limited']).toContain(error.code)
        expect(error.details.attempts).toBeGreaterThan(1)
      }
      await expectCode(store.read('object', { timeoutMs: 1 }), 'timed-out', 'object')
      proxy.setRate(0)
      expect(await store.readText('object')).toBe('x')
    },
  },
  {
    id: '29.resumed',
    title: 'a body that is cut half-way, again and again, is resumed where it ended',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy }) {
      const { store, proxy } = await behindProxy()
      const bytes = sampleBytes(3_000_000)
      await store.write('object', bytes)
      proxy.setFaults(['cut'])
      proxy.setRate(0.6)
      for (let round = 0; round < 3; round += 1) {
        expect(sameBytes(Buffer.concat(await collect(await store.stream('object'))), bytes)).toBe(true)
        expect(sameBytes(await store.read('object'), bytes)).toBe(true)
      }
      expect(proxy.counts.cut).toBeGreaterThan(0)
    },
  },
  {
    id: '29.pinned',
    title: 'a body that is cut, and its object replaced meanwhile, is precondition-failed and never a mix',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy }) {
      const { store, proxy } = await behindProxy()
      // Larger than what connections and streams buffer, so that the cut comes after the object was replaced.
      const [old, fresh] = [sampleBytes(12_000_000, 1), sampleBytes(12_000_000, 2)]
      await store.write('object', old)
      proxy.setFaults(['cut'])
      proxy.setRate(1)
      const reader = (await store.stream('object')).getReader()
      const parts = [(await reader.read()).value ?? new Uint8Array()]
      proxy.setRate(0)
      await store.write('object', fresh)
      const rest = async (): Promise<void> => {
        for (let step = await reader.read(); !step.done; step = await reader.read()) parts.push(step.value)
      }
      await expect(rest()).rejects.toMatchObject({ code: 'precondition-failed' })
      const got = Buffer.concat(parts)
      expect(sameBytes(got, old.subarray(0, got.length))).toBe(true)
      expect(proxy.counts.cut).toBe(1)
    },
  },
  {
    id: '31.clock',
    title: 'with a clock that is 20 minutes ahead or behind, everything works',
    needs: 'http',
    timeoutMs,
    async run({ store }) {
      for (const minutes of [20, -20]) {
        await withShiftedClock(minutes * 60_000, async () => {
          await store.write('dir/object', `${minutes}`)
          expect(await store.readText('dir/object')).toBe(`${minutes}`)
          expect(await store.listdir('dir')).toEqual(['object'])
          await store.remove('dir/object')
        })
      }
    },
  },
  {
    id: '31.skewed-answers',
    title: 'answers that refuse a request for its time are corrected, where the protocol knows them',
    needs: 'http',
    timeoutMs,
    async run({ behindProxy, faults }) {
      const { store, proxy } = await behindProxy()
      if (faults.includes('skew')) {
        proxy.setFaults(['skew'])
        proxy.setRate(0.15)
      }
      const names = Array.from({ length: 8 }, (_, index) => `n${index}`)
      for (const name of names) await store.write(name, name)
      for (const name of names) expect(await store.readText(name)).toBe(name)
      if (faults.includes('skew')) expect(proxy.counts.skew).toBeGreaterThan(0)
    },
  },
]
