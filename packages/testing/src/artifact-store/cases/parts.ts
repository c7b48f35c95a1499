/** Row 33: sizes around those of parts, from every source and by every way of reading. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStoreDriver } from '@stack/core'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { oddChunks, sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { collect, type StoreCase } from '../store-case.js'

export const partCases: readonly StoreCase[] = [
  {
    id: '33.parts',
    title: 'sizes of 0, 1 and around one and two parts keep their bytes, from a buffer, a stream and a file',
    timeoutMs: 60_000,
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await withScratchDirectory(async (directory) => {
        for (const size of [0, 1, partSize - 1, partSize, partSize + 1, partSize * 2]) {
          const bytes = sampleBytes(size, size)
          const file = join(directory, 'file')
          await writeFile(file, bytes)
          const sources = { buffer: bytes, stream: oddChunks(bytes, 77), file: { file } }
          for (const [name, source] of Object.entries(sources)) {
            const written = await store.write('object', source, { partSize, concurrency: 3 })
            expect(written.size, `${name} of ${size}`).toBe(size)
            expect(await store.size('object')).toBe(size)
            expect(sameBytes(await store.read('object', { partSize }), bytes), `${name} of ${size}`).toBe(true)
          }
          const streamed = Buffer.concat(await collect(await store.stream('object')))
          expect(sameBytes(streamed, bytes), `a stream of ${size}`).toBe(true)
        }
        await expectNoUploads(driver)
      })
    },
  },
  {
    id: '33.memory',
    title: 'of a stream no more than partSize × concurrency is ahead of what the store has taken, and one chunk',
    timeoutMs: 60_000,
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      const chunk = sampleBytes(65_536)
      const taken = countTaken(driver)
      let given = 0
      let ahead = 0
      async function* source(): AsyncGenerator<Uint8Array> {
        while (given < partSize * 6) {
          given += chunk.length
          ahead = Math.max(ahead, given - taken.bytes)
          yield chunk
        }
      }
      const written = await store.write('object', source(), { partSize, concurrency: 2 })
      expect([written.size, await store.size('object')]).toEqual([given, given])
      // A store that takes no parts is given the stream itself, and holds as much of it as it likes.
      if (driver.multipart !== undefined) expect(ahead).toBeLessThanOrEqual(partSize * 2 + chunk.length)
    },
  },
  {
    id: '33.part-options',
    title: 'part sizes and concurrencies that make no sense are usage; odd ones are fitted to what the store takes',
    async run({ store }) {
      for (const options of [
        { partSize: 0 },
        { partSize: -1 },
        { partSize: 0.5 },
        { concurrency: 0 },
        { partSize: Number.NaN },
      ]) {
        await expect(store.write('object', 'x', options)).rejects.toMatchObject({ code: 'usage' })
      }
      const bytes = sampleBytes(10_000)
      for (const options of [{ partSize: 1000 }, { partSize: 7777, concurrency: 1 }, { concurrency: 1000 }]) {
        await store.write('object', oddChunks(bytes), options)
        expect(sameBytes(await store.read('object'), bytes)).toBe(true)
      }
    },
  },
]

/** Counts the bytes of parts that have arrived, from now on. */
function countTaken(driver: ArtifactStoreDriver): { readonly bytes: number } {
  const taken = { bytes: 0 }
  const begin = driver.multipart?.bind(driver)
  if (begin === undefined) return taken
  const multipart: typeof begin = async (key, options) => {
    const upload = await begin(key, options)
    const { partSize, maxParts, inOrder } = upload
    return {
      ...{ partSize, maxParts, ...(inOrder !== undefined && { inOrder }) },
      async part(number, source, partOptions) {
        const result = await upload.part(number, source, partOptions)
        taken.bytes += result.size
        return result
      },
      complete: (parts, limits) => upload.complete(parts, limits),
      abort: () => upload.abort(),
    }
  }
  Object.defineProperty(driver, 'multipart', { value: multipart })
  return taken
}
