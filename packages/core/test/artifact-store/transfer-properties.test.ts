/** Random sizes, limits and failures: what arrives is exact, what fails leaves nothing, and memory keeps to its limit. */
import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Call, memoryStore, pattern } from './memory-driver.js'

const transfer = fc.record({
  size: fc.nat(6000),
  partSize: fc.integer({ min: 1, max: 1500 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
  chunk: fc.integer({ min: 1, max: 2500 }),
  latencyMs: fc.constantFrom(undefined, 0),
  inOrder: fc.boolean(),
  min: fc.integer({ min: 1, max: 300 }),
  multiple: fc.constantFrom(1, 7, 256),
  maxParts: fc.constantFrom(20, 10_000),
  /** The call that fails, if that many are made; or the signal is aborted there. */
  failing: fc.option(fc.record({ at: fc.nat(30), by: fc.constantFrom('error', 'abort') })),
})

test('uploads from streams and files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stack-transfers-'))
  await fc.assert(
    fc.asyncProperty(transfer, fc.boolean(), async (given, fromFile) => {
      const { size, partSize, concurrency, chunk, failing, min, multiple } = given
      const controller = new AbortController()
      const failure = new Error('failed on purpose')
      const { store, driver } = memoryStore({
        ...given,
        partSize: { min, max: 100_000, multiple },
        before: (call) =>
          failAt(failing?.at, driver.calls.length, call, failing?.by === 'abort' ? controller : undefined, failure),
      })
      const bytes = pattern(size)
      const file = join(directory, 'file')
      if (fromFile) await writeFile(file, bytes)
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let start = 0; start < size; start += chunk) yield bytes.subarray(start, start + chunk)
      }
      const outcome = await store
        .write('object', fromFile ? { file } : chunks(), { partSize, concurrency, signal: controller.signal })
        .catch((error: unknown) => error)
      expect(driver.uploads.size).toBe(0)
      expect(driver.inFlight.parts).toBe(0)
      const largest = Math.max(0, ...driver.called('part').map((call) => call.size ?? 0))
      expect(driver.inFlight.peak).toBeLessThanOrEqual(Math.max(partSize * concurrency, largest))
      const stored = driver.objects.get('object')?.bytes
      if (outcome instanceof Error) expect(stored).toBeUndefined()
      else expect(Buffer.from(stored ?? []).equals(bytes)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('reads and downloads', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stack-transfers-'))
  await fc.assert(
    fc.asyncProperty(transfer, fc.boolean(), async (given, toFile) => {
      const { size, partSize, concurrency, failing } = given
      const controller = new AbortController()
      const failure = new Error('failed on purpose')
      let counted = 0
      const { store, driver } = memoryStore({
        latencyMs: given.latencyMs,
        checksums: true,
        before: (call) => {
          if (call.verb !== 'get') return
          counted += 1
          failAt(failing?.at, counted, call, failing?.by === 'abort' ? controller : undefined, failure)
        },
      })
      const bytes = pattern(size)
      await store.write('object', bytes)
      const options = { partSize, concurrency, signal: controller.signal }
      const file = join(directory, 'file')
      const read = async (): Promise<Uint8Array> => {
        if (!toFile) return store.read('object', options)
        await store.download('object', file, options)
        return readFileSync(file)
      }
      const outcome = await read().catch((error: unknown) => error)
      if (outcome instanceof Error)
        expect([failure, 'unexpected']).toContain('code' in outcome ? outcome.code : outcome)
      else expect(Buffer.from(outcome as Uint8Array).equals(bytes)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 2))
      expect(driver.openBodies).toBe(0)
    }),
    { numRuns: 300 },
  )
})

function failAt(
  at: number | undefined,
  count: number,
  call: Call,
  controller: AbortController | undefined,
  failure: Error,
): void {
  if (at === undefined || count !== at + 1 || call.verb === 'abort') return
  controller?.abort(failure)
  throw failure
}
