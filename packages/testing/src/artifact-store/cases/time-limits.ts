/** Row 41: time limits that no timer holds are none, and what is no time is refused. */
import type { ArtifactStore, OperationOptions } from '@stack/core'
import { expect } from 'vitest'
import { allFiles, collect, expectCode, type StoreCase } from '../store-case.js'

const withoutLimit = [2 ** 31, 2 ** 31 + 5, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY]
const noTimes = [Number.NaN, -1, -0.5, Number.NEGATIVE_INFINITY, '5', 5n, {}]

type Verb = (store: ArtifactStore, options: OperationOptions) => Promise<unknown>

/** On `dir/file`, which is there before and after. */
const verbs: Readonly<Record<string, Verb>> = {
  read: (store, options) => store.read('dir/file', options),
  readInto: (store, options) => store.readInto('dir/file', new Uint8Array(9), options),
  stream: async (store, options) => collect(await store.stream('dir/file', options)),
  write: (store, options) => store.write('dir/file', 'x', options),
  writer: async (store, options) => {
    const writer = await store.writer('dir/file', options)
    await writer.write('x')
    return writer.close()
  },
  append: async (store, options) => (await store.open('dir/file', 'a', options)).close(),
  stat: (store, options) => store.stat('dir/file', options),
  exists: (store, options) => store.exists('dir/file', options),
  isdir: (store, options) => store.isdir('dir', options),
  size: (store, options) => store.size('dir/file', options),
  listdir: (store, options) => store.listdir('dir', options),
  entries: (store, options) => collect(store.entries('dir', options)),
  walk: (store, options) => collect(store.walk('', options)),
  glob: (store, options) => store.glob('**', options),
  copyfile: (store, options) => store.copyfile('dir/file', 'dir/file', options),
  rename: (store, options) => store.rename('dir/file', 'dir/file', options),
  makedirs: (store, options) => store.makedirs('dir', options),
  remove: (store, options) => store.remove('dir/absent', { missingOk: true, ...options }),
}

export const timeLimitCases: readonly StoreCase[] = [
  {
    id: '41.no-limit',
    title: 'a time limit of 2^31 milliseconds or more, or Infinity, is none',
    async run({ store }) {
      await store.write('dir/file', 'x')
      for (const [name, verb] of Object.entries(verbs)) {
        for (const timeoutMs of withoutLimit) {
          const outcome = await verb(store, { timeoutMs }).then(
            () => 'done',
            (error: unknown) => error,
          )
          expect(outcome, `${name} ${timeoutMs}`).toBe('done')
        }
      }
    },
  },
  {
    id: '41.no-time',
    title: 'a time limit that is negative, NaN or no number is usage, to every verb',
    async run({ store }) {
      await store.write('dir/file', 'x')
      for (const verb of Object.values(verbs)) {
        for (const timeoutMs of noTimes) {
          await expectCode(verb(store, { timeoutMs: timeoutMs as number }), 'usage')
        }
      }
      expect(await store.readText('dir/file')).toBe('x')
      expect(await allFiles(store)).toEqual(['dir/file'])
    },
  },
  {
    id: '41.no-numbers',
    title: 'part sizes, concurrencies and ages that make no sense are usage, before anything is written',
    async run({ store }) {
      await store.write('file', 'x')
      for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5' as unknown as number]) {
        for (const options of [{ partSize: value }, { concurrency: value }]) {
          await expectCode(store.write('new', 'x', options), 'usage')
          await expectCode(store.writer('new', options), 'usage')
          await expectCode(store.read('file', options), 'usage')
        }
      }
      for (const olderThanMs of [-1, Number.NaN, '5' as unknown as number]) {
        await expectCode(store.verify({ olderThanMs }), 'usage')
      }
      expect(await allFiles(store)).toEqual(['file'])
    },
  },
]
