/** A soak tells what a store does wrong, and nothing of one that does all right. */
import { type GetOptions, type GetResult, type ListOptions, type Page, StackError } from '@stack/core'
import { expect, test } from 'vitest'
import { soakArtifactStore } from '../../src/index.js'
import { MemoryDriver, MemoryStore } from './memory-store.js'

function soak(driver: MemoryDriver, seed = 3) {
  return soakArtifactStore({ store: new MemoryStore(driver, undefined), operations: 1500, seed, largest: 300_000 })
}

test('a right store has no failures, and every kind of operation was made', async () => {
  const report = await soak(new MemoryDriver())
  expect([report.failures, report.corruptions]).toEqual([[], []])
  expect(Object.values(report.counts).reduce((sum, count) => sum + count)).toBe(1500)
  for (const [operation, count] of Object.entries(report.counts)) expect(count, operation).toBeGreaterThan(20)
  expect(report.bytesWritten).toBeGreaterThan(1_000_000)
  expect(report.bytesRead).toBeGreaterThan(1_000_000)
})

test('the same seed makes the same operations', async () => {
  const [first, again, other] = [
    await soak(new MemoryDriver()),
    await soak(new MemoryDriver()),
    await soak(new MemoryDriver(), 4),
  ]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test('a flipped byte is a corruption', async () => {
  class Flipping extends MemoryDriver {
    #reads = 0
    override async get(key: string, options: GetOptions): Promise<GetResult> {
      const result = await super.get(key, options)
      this.#reads += 1
      if (this.#reads !== 100) return result
      const into = async (target: Uint8Array) => {
        const count = await result.into(target)
        target[0] = (target[0] ?? 0) ^ 1
        return count
      }
      const body = () =>
        result
          .body()
          .pipeThrough(
            new TransformStream({ transform: (chunk, to) => to.enqueue(chunk.map((byte: number) => byte ^ 1)) }),
          )
      return { ...result, into, body }
    }
  }
  const { failures, corruptions } = await soak(new Flipping())
  expect(failures).toEqual([])
  expect(corruptions).toMatchObject([{ code: 'corrupt', path: expect.stringContaining('soak/') }])
})

test('an operation that rejects is a failure with its code', async () => {
  class Failing extends MemoryDriver {
    #writes = 0
    override put(...args: Parameters<MemoryDriver['put']>) {
      this.#writes += 1
      if (this.#writes % 100 === 0) throw new StackError('unavailable', 'the server is away')
      return super.put(...args)
    }
  }
  const { failures, corruptions } = await soak(new Failing())
  expect(corruptions).toEqual([])
  expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['unavailable']))
})

test('a listing that forgets something is a corruption', async () => {
  class Forgetful extends MemoryDriver {
    override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
      for await (const { entries } of super.list(prefix, options)) yield { entries: entries.slice(0, -1) }
    }
  }
  const { corruptions } = await soak(new Forgetful())
  expect(new Set(corruptions.map(({ operation }) => operation))).toContain('list')
})
