/** Row 33: what is written from, where it lies about its length, breaks or changes. */
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isStackError } from '@stack/core'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'

export const sourceCases: readonly StoreCase[] = [
  {
    id: '33.failed-source',
    title: 'a stream that errors in a later part fails with that error, and leaves the target and no upload',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await store.write('kept', 'old')
      for (const path of ['kept', 'new']) {
        for (const good of [partSize - 1, partSize, partSize * 2 + 1]) {
          const failure = new Error('the source broke')
          const write = store.write(path, failingSource(good, failure), { partSize, concurrency: 2 })
          await expect(write).rejects.toMatchObject({ code: 'unexpected', cause: failure })
        }
      }
      expect(await store.readText('kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['kept'])
      await expectNoUploads(driver)
    },
  },
  {
    id: '33.wrong-length',
    title: 'a source that gives more or less than it announced is precondition-failed, and leaves the target',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await store.write('kept', 'old')
      for (const announced of [100, partSize * 2]) {
        for (const given of [announced - 1, announced + 1]) {
          const write = store.write('kept', new LyingBlob(announced, given), { partSize })
          await expectCode(write, 'precondition-failed', 'kept')
        }
      }
      expect(await store.readText('kept')).toBe('old')
      await expectNoUploads(driver)
    },
  },
  {
    id: '33.truncated-file',
    title: 'a file that is cut while it is written from is written whole as it is, or not at all',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        const bytes = sampleBytes(partSize * 3)
        for (const moment of [0, 1, 2, 5]) {
          await writeFile(file, bytes)
          const writing = store.write('object', { file }, { partSize, concurrency: 1 }).catch((error: unknown) => error)
          await new Promise((resolve) => setTimeout(resolve, moment))
          await truncate(file, partSize + 1)
          const outcome = await writing
          if (isStackError(outcome)) {
            expect(outcome.code, outcome.message).toBe('precondition-failed')
            continue
          }
          const found = await store.read('object')
          expect([bytes.length, partSize + 1]).toContain(found.length)
          expect(sameBytes(found, bytes.subarray(0, found.length))).toBe(true)
        }
        await expectNoUploads(driver)
      })
    },
  },
]

async function* failingSource(good: number, failure: Error): AsyncGenerator<Uint8Array> {
  for (let given = 0; given < good; given += 100_000) yield sampleBytes(Math.min(100_000, good - given), given)
  throw failure
}

/** A blob whose stream does not hold what its size says. */
class LyingBlob extends Blob {
  readonly #given: number

  constructor(announced: number, given: number) {
    super([sampleBytes(announced)])
    this.#given = given
  }

  override stream(): ReturnType<Blob['stream']> {
    return new Blob([sampleBytes(this.#given)]).stream()
  }
}
