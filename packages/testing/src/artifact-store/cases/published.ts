/** Row 42: an abort or a time limit that comes after a write is there does not deny it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore, ArtifactStoreDriver, MultipartUpload, OperationOptions } from '@stack/core'
import { expect } from 'vitest'
import { smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, type StoreCase } from '../store-case.js'
import { doAfter } from '../wrapped-driver.js'

/** Milliseconds; longer than any server takes for a few bytes, and waited for in full. */
const timeLimitMs = 1500

interface Published {
  /** The primitive of the driver that makes it be there. */
  readonly by: (driver: ArtifactStoreDriver) => string
  readonly run: (store: ArtifactStore, options: OperationOptions) => Promise<unknown>
  /** The objects that are there afterwards. */
  readonly left: readonly string[]
}

/** On a store that holds `a` and `b`. */
const verbs: Readonly<Record<string, Published>> = {
  write: { by: () => 'put', run: (store, options) => store.write('new', 'x', options), left: ['a', 'b', 'new'] },
  create: {
    by: () => 'put',
    run: (store, options) => store.write('new', 'x', { ...options, ifAbsent: true }),
    left: ['a', 'b', 'new'],
  },
  stream: {
    by: () => 'put',
    run: (store, options) => store.write('new', new Blob(['x']).stream(), options),
    left: ['a', 'b', 'new'],
  },
  upload: {
    by: () => 'put',
    run: (store, options) =>
      withScratchDirectory(async (directory) => {
        await writeFile(join(directory, 'file'), 'x')
        await store.upload(join(directory, 'file'), 'new', options)
      }),
    left: ['a', 'b', 'new'],
  },
  writer: {
    by: () => 'put',
    async run(store, options) {
      const writer = await store.writer('new', options)
      await writer.write('x')
      await writer.close()
    },
    left: ['a', 'b', 'new'],
  },
  copyfile: {
    by: () => 'copy',
    run: (store, options) => store.copyfile('a', 'new', options),
    left: ['a', 'b', 'new'],
  },
  rename: {
    by: (driver) => (driver.rename === undefined ? 'delete' : 'rename'),
    run: (store, options) => store.rename('a', 'new', options),
    left: ['b', 'new'],
  },
  remove: { by: () => 'delete', run: (store, options) => store.remove('a', options), left: ['b'] },
  mkdir: { by: () => 'makeDirectory', run: (store, options) => store.mkdir('new', options), left: ['a', 'b'] },
}

export const publishedCases: readonly StoreCase[] = [
  {
    id: '42.aborted-after',
    title: 'a verb that is aborted when its write is there resolves',
    async run({ store, driver }) {
      await Promise.all(['a', 'b'].map((path) => store.write(path, path)))
      let controller = new AbortController()
      let wanted = ''
      for (const name of ['put', 'copy', 'rename', 'delete', 'makeDirectory']) {
        doAfter(driver, name, () => {
          if (name === wanted) controller.abort(new Error(`aborted after ${name}`))
        })
      }
      for (const [name, { by, run, left }] of Object.entries(verbs)) {
        controller = new AbortController()
        wanted = by(driver)
        const outcome = await run(store, { signal: controller.signal }).then(
          () => 'done',
          (error: unknown) => error,
        )
        wanted = ''
        expect(outcome, name).toBe('done')
        expect(await allFiles(store), name).toEqual(left)
        // As it was, for the next.
        if (await store.exists('new')) await (name === 'mkdir' ? store.rmtree('new') : store.remove('new'))
        await Promise.all(['a', 'b'].map((path) => store.write(path, path)))
      }
    },
  },
  {
    id: '42.parts-aborted-after',
    title: 'a write in parts that is aborted when it is complete resolves',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      const bytes = sampleBytes(partSize * 2 + 5)
      const controller = new AbortController()
      doAfter(driver, 'put', () => controller.abort(new Error('aborted after put')))
      if (driver.multipart !== undefined) {
        const multipart = driver.multipart.bind(driver)
        driver.multipart = async (...given): Promise<MultipartUpload> => {
          const upload = await multipart(...given)
          doAfter(upload, 'complete', () => controller.abort(new Error('aborted after complete')))
          return upload
        }
      }
      await store.write('object', bytes, { partSize, signal: controller.signal })
      expect(controller.signal.aborted).toBe(true)
      expect(sameBytes(await store.read('object'), bytes)).toBe(true)
    },
  },
  {
    id: '42.late-limit',
    title: 'a write whose time limit ends when it is there resolves',
    async run({ store, driver }) {
      doAfter(driver, 'put', (options) => limitOf(options))
      const write = store.write('new', 'x', { timeoutMs: timeLimitMs, ifAbsent: true })
      await expect(write).resolves.toMatchObject({ size: 1 })
      expect(await store.readText('new')).toBe('x')
    },
  },
]

/** Resolves when the time limit of a call has come, or would have where the driver said that its write is there. */
async function limitOf(options: unknown): Promise<void> {
  const { signal } = options as OperationOptions
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, timeLimitMs + 100)
    const onAbort = (): void => {
      clearTimeout(timer)
      resolve()
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
