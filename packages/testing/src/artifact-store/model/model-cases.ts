/** Random sequences of operations give the same answers on a store as on the model. */
import { type ArtifactStore, isStackError } from '@stack/core'
import fc from 'fast-check'
import { expect } from 'vitest'
import { allFiles, type StoreCase } from '../store-case.js'
import { type Answer, ModelStore } from './model-store.js'

/** One operation, made on both. */
interface Operation {
  readonly text: string
  readonly onModel: (model: ModelStore) => Answer
  readonly onStore: (store: ArtifactStore, path: (relative: string) => string) => Promise<unknown>
}

const path = fc
  .array(fc.constantFrom('a', 'b', 'a-', 'é'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'))
const content = fc.string({ unit: 'binary', maxLength: 20 })

const operation: fc.Arbitrary<Operation> = fc.oneof(
  write(path),
  single(
    'read',
    (model, at) => model.read(at),
    (store, at) => store.readText(at),
  ),
  single(
    'exists',
    (model, at) => model.exists(at),
    (store, at) => store.exists(at),
  ),
  single(
    'listdir',
    (model, at) => model.listdir(at),
    async (store, at) => (await store.listdir(at)).sort(),
  ),
  single(
    'remove',
    (model, at) => model.remove(at),
    (store, at) => store.remove(at),
  ),
  single(
    'rmtree',
    (model, at) => model.rmtree(at),
    (store, at) => store.rmtree(at),
  ),
  double('copyfile', (model, from, to, overwrite) => model.copyfile(from, to, overwrite)),
  double('rename', (model, from, to, overwrite) => model.rename(from, to, overwrite)),
)

/** Only where directories exist by themselves do they outlive what they hold. */
const directoryOperation = single(
  'mkdir',
  (model, at) => model.mkdir(at),
  (store, at) => store.mkdir(at),
)

export const modelCases: readonly StoreCase[] = [
  {
    id: 'model.sequences',
    title: 'random sequences of operations give the same answers as the model',
    async run({ store, capabilities }) {
      expect(capabilities).toBeDefined()
      // The model's names are files or directories, and its directories stay; other stores are compared by their objects.
      const filesOnly = capabilities.fileAndDirectory || !capabilities.emptyDirectories
      const step = filesOnly ? objectOperation : fc.oneof({ weight: 8, arbitrary: operation }, directoryOperation)
      let round = 0
      const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (operations) => {
        round += 1
        const base = `round-${round}`
        await store.makedirs(base)
        await compare(store, operations, base)
      })
      await fc.assert(property, { numRuns: 100 })
    },
  },
  {
    id: 'model.foreign-keys',
    title: 'random sequences give the same answers among markers of directories and keys that no path can name',
    needs: 'plant',
    async run({ store, plant }) {
      let round = 0
      const planted = fc.subarray(['d1/', 'd2/', 'd1//f', 'd1/../f1', './f2', 'd1/e/', 'd1/e//f', '/f1', 'd3//'])
      const step = fc.array(objectOperation, { maxLength: 15 })
      const property = fc.asyncProperty(planted, step, async (keys, operations) => {
        round += 1
        const base = `round-${round}`
        for (const key of keys) await plant(`${base}/${key}`, 'planted')
        await compare(store, operations, base)
        if (await store.isdir(base)) await store.rmtree(base)
        expect(await store.listdir('')).toEqual([])
      })
      await fc.assert(property, { numRuns: 25 })
    },
  },
]

/** Operations on objects by full name, which every store answers alike. */
const objectPath = fc.constantFrom('f1', 'f2', 'd1/f', 'd1/g', 'd1/e/f', 'd2/f')
const objectOperation: fc.Arbitrary<Operation> = fc.oneof(
  write(objectPath),
  single(
    'read',
    (model, at) => model.read(at),
    (store, at) => store.readText(at),
    objectPath,
  ),
  single(
    'exists',
    (model, at) => model.exists(at),
    (store, at) => store.exists(at),
    objectPath,
  ),
  single(
    'remove',
    (model, at) => model.remove(at),
    (store, at) => store.remove(at),
    objectPath,
  ),
  double('copyfile', (model, from, to, overwrite) => model.copyfile(from, to, overwrite), objectPath),
  double('rename', (model, from, to, overwrite) => model.rename(from, to, overwrite), objectPath),
)

async function compare(store: ArtifactStore, operations: readonly Operation[], base: string): Promise<void> {
  const model = new ModelStore()
  const made: string[] = []
  const full = (relative: string): string => `${base}/${relative}`
  for (const { text, onModel, onStore } of operations) {
    made.push(text)
    expect(await answerOf(onStore(store, full)), made.join('\n')).toEqual(onModel(model))
  }
  const found = (await store.isdir(base)) ? await allFiles(store, base) : []
  expect({ value: found.map((key) => key.slice(full('').length)) }, made.join('\n')).toEqual(model.files())
}

async function answerOf(result: Promise<unknown>): Promise<Answer> {
  try {
    return { value: await result }
  } catch (error) {
    if (isStackError(error) && error.code !== 'unexpected') return { code: error.code }
    throw error
  }
}

/** Half of all operations, or most would find nothing. */
function write(paths: fc.Arbitrary<string>) {
  const arbitrary = fc.tuple(paths, content, fc.boolean()).map(
    ([at, text, ifAbsent]): Operation => ({
      text: `write ${at} ${JSON.stringify(text)}${ifAbsent ? ' if absent' : ''}`,
      onModel: (model) => model.write(at, text, ifAbsent),
      onStore: async (store, full) => {
        await store.write(full(at), text, { ifAbsent })
      },
    }),
  )
  return { arbitrary, weight: 5 }
}

function single(
  verb: string,
  onModel: (model: ModelStore, at: string) => Answer,
  onStore: (store: ArtifactStore, at: string) => Promise<unknown>,
  paths: fc.Arbitrary<string> = path,
): fc.Arbitrary<Operation> {
  return paths.map((at) => ({
    text: `${verb} ${at}`,
    onModel: (model) => onModel(model, at),
    onStore: (store, full) => onStore(store, full(at)),
  }))
}

function double(
  verb: 'copyfile' | 'rename',
  onModel: (model: ModelStore, from: string, to: string, overwrite: boolean) => Answer,
  paths: fc.Arbitrary<string> = path,
): fc.Arbitrary<Operation> {
  return fc.tuple(paths, paths, fc.boolean()).map(([from, to, overwrite]) => ({
    text: `${verb} ${from} ${to}${overwrite ? ' overwrite' : ''}`,
    onModel: (model) => onModel(model, from, to, overwrite),
    onStore: (store, full) => store[verb](full(from), full(to), { overwrite }),
  }))
}
