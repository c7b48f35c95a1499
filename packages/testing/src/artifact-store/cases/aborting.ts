/** Row 26: an abort at any moment rejects soon with the signal's own reason, and leaves what was there. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OperationOptions } from '@stack/core'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, collect, type StoreCase } from '../store-case.js'

/** How long an aborted operation may take to reject, in milliseconds. */
const promptMs = 1000

/** When a signal is aborted: at once, in the next turn, and after so many milliseconds. */
const moments = [-1, 0, 1, 3, 10, 30]

export const abortingCases: readonly StoreCase[] = [
  {
    id: '26.mid-write',
    title: 'an abort while the source is read, in the first part or a later one, leaves the target and no upload',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await store.write('kept', 'old')
      const reason = new Error('enough')
      for (const [path, given] of [
        ['kept', 1000],
        ['new', 1000],
        ['kept', partSize * 2.5],
        ['dir/new', partSize * 2.5],
      ] as const) {
        const controller = new AbortController()
        const stalled = stallingSource(given)
        const write = store.write(path, stalled.chunks, { signal: controller.signal, partSize, concurrency: 2 })
        write.catch(() => {})
        await stalled.reached
        await expectPrompt(write, controller, reason)
      }
      expect(await store.readText('kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['kept'])
      await expectNoUploads(driver)
    },
  },
  {
    id: '26.any-moment',
    title: 'whenever a verb is aborted, it has succeeded or rejects within a second with the reason itself',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      const [old, fresh] = [sampleBytes(partSize + 5, 1), sampleBytes(partSize * 2 + 5, 2)]
      await store.write('dir/object', old, { partSize })
      const verbs: Readonly<Record<string, (options: OperationOptions) => Promise<unknown>>> = {
        read: (options) => store.read('dir/object', { ...options, partSize }),
        stream: async (options) => collect(await store.stream('dir/object', options)),
        stat: (options) => store.stat('dir/object', options),
        listdir: (options) => store.listdir('dir', options),
        walk: (options) => collect(store.walk('', options)),
        glob: (options) => store.glob('**', options),
        readInto: (options) => store.readInto('dir/object', new Uint8Array(fresh.length), { ...options, partSize }),
        write: (options) => store.write('dir/object', fresh, { ...options, partSize }),
        copyfile: (options) => store.copyfile('dir/object', 'dir/copy', { ...options, overwrite: true }),
      }
      for (const [name, verb] of Object.entries(verbs)) {
        for (const moment of moments) {
          const controller = new AbortController()
          const reason = new Error(`${name} was aborted`)
          const running = verb({ signal: controller.signal })
          running.catch(() => {})
          if (moment >= 0) await new Promise((resolve) => setTimeout(resolve, moment))
          await expectPrompt(running, controller, reason, 'or-done')
        }
      }
      // Nothing is torn, and everything still works.
      const found = await store.read('dir/object')
      expect(sameBytes(found, old) || sameBytes(found, fresh)).toBe(true)
      await expectNoUploads(driver)
      await store.write('dir/object', old)
      expect(sameBytes(await store.read('dir/object'), old)).toBe(true)
    },
  },
  {
    id: '26.downloads',
    title: 'whenever a download is aborted, the file is as it was or whole, and nothing else is left',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      const bytes = sampleBytes(partSize * 2 + 5)
      await store.write('object', bytes, { partSize })
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        for (const moment of moments) {
          await writeFile(file, 'before')
          const controller = new AbortController()
          const running = store.download('object', file, { partSize, signal: controller.signal })
          running.catch(() => {})
          if (moment >= 0) await new Promise((resolve) => setTimeout(resolve, moment))
          await expectPrompt(running, controller, new Error('enough'), 'or-done')
          const found = await readFile(file)
          expect(found.toString() === 'before' || sameBytes(found, bytes), `${found.length} bytes`).toBe(true)
        }
        await expect.poll(() => readdir(directory)).toEqual(['file'])
      })
    },
  },
  {
    id: '26.aborted-before',
    title: 'transfers, writers and presigned requests reject with the reason of a signal that is aborted',
    async run({ store, capabilities }) {
      await store.write('dir/file', 'x')
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        await writeFile(file, 'before')
        const write = async (): Promise<void> => {
          const writer = await store.writer('dir/new', options)
          await writer.write('x')
          await writer.close()
        }
        const operations: readonly Promise<unknown>[] = [
          store.readInto('dir/file', new Uint8Array(9), options),
          store.download('dir/file', file, options),
          store.upload(file, 'dir/new', options),
          store.open('dir/file', 'r', options),
          store.verify(options),
          write(),
          ...(capabilities.presign ? [store.presign('dir/file', { method: 'GET', expiresIn: 9, ...options })] : []),
        ]
        for (const operation of operations) operation.catch(() => {})
        for (const operation of operations) await expect(operation).rejects.toBe(reason)
        expect(await readFile(file, 'utf8')).toBe('before')
      })
      expect(await allFiles(store)).toEqual(['dir/file'])
    },
  },
  {
    id: '26.iterations',
    title: 'a stream or a listing that is aborted while it is read rejects with the reason',
    async run({ store }) {
      await store.write('dir/large', sampleBytes(2_000_000))
      await Promise.all(Array.from({ length: 20 }, (_, index) => store.write(`dir/${index}`, '')))
      const iterations: readonly ((options: OperationOptions) => Promise<AsyncIterable<unknown>>)[] = [
        (options) => store.stream('dir/large', options),
        async (options) => store.entries('dir', options),
      ]
      for (const start of iterations) {
        const controller = new AbortController()
        const reason = new Error('enough')
        const iterator = (await start({ signal: controller.signal }))[Symbol.asyncIterator]()
        expect((await iterator.next()).done).toBe(false)
        controller.abort(reason)
        await expect(drain(iterator)).rejects.toBe(reason)
      }
    },
  },
  {
    id: '26.time-limit',
    title: 'a time limit ends a write whose source hangs with timed-out, in the first part or a later one',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      for (const given of [10, partSize * 1.5]) {
        const { chunks } = stallingSource(given)
        const write = store.write('new', chunks, { timeoutMs: 300, partSize })
        await expect(write).rejects.toMatchObject({ code: 'timed-out' })
      }
      expect(await allFiles(store)).toEqual([])
      await expectNoUploads(driver)
    },
  },
]

async function expectPrompt(
  running: Promise<unknown>,
  controller: AbortController,
  reason: Error,
  otherwise?: 'or-done',
): Promise<void> {
  const aborted = performance.now()
  controller.abort(reason)
  const outcome = await running.then(
    () => otherwise ?? 'done',
    (error: unknown) => error,
  )
  expect(performance.now() - aborted).toBeLessThan(promptMs)
  if (outcome !== 'or-done') expect(outcome).toBe(reason)
}

/** Gives so many bytes, then no more and no end. */
function stallingSource(bytes: number): {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly reached: Promise<void>
} {
  let reach: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let given = 0; given < bytes; given += 50_000) yield sampleBytes(Math.min(50_000, bytes - given), given)
    // Whoever asks again has taken what there is.
    reach()
    await new Promise(() => {})
  }
  return { chunks: chunks(), reached }
}

async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  for (let step = await iterator.next(); step.done !== true; step = await iterator.next());
}
