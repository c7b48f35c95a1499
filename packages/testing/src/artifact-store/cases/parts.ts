/** Row 33: sizes around those of parts, from every source and by every way of reading. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
