/** What is tried of a store whose server is hostile: every verb, and how each has to fail. */
import { expect } from 'vitest'

/** The verbs of an artifact store, as far as they are tried. */
export interface TriedStore {
  read(path: string): Promise<Uint8Array>
  stream(path: string): Promise<AsyncIterable<Uint8Array>>
  stat(path: string): Promise<unknown>
  exists(path: string): Promise<boolean>
  isdir(path: string): Promise<boolean>
  write(path: string, data: string | Uint8Array, options?: object): Promise<unknown>
  listdir(path: string): Promise<string[]>
  entries(path: string): AsyncIterable<unknown>
  walk(path: string): AsyncIterable<unknown>
  glob(pattern: string): Promise<string[]>
  copyfile(from: string, to: string, options?: object): Promise<unknown>
  rename(from: string, to: string): Promise<unknown>
  remove(path: string): Promise<unknown>
  rmtree(path: string): Promise<unknown>
}

type Verbs = readonly (readonly [name: string, run: (store: TriedStore) => Promise<unknown>])[]

const mebibyte = 1024 ** 2

/** Those that list. */
export const listingVerbs: Verbs = [
  ['listdir', (store) => store.listdir('')],
  ['isdir', (store) => store.isdir('d')],
  ['entries', (store) => collect(store.entries('d'))],
  ['walk', (store) => collect(store.walk(''))],
  ['glob', (store) => store.glob('**/*.txt')],
  ['rmtree', (store) => store.rmtree('d')],
]

/** Those whose answers say something of an object, but its bytes. */
export const describingVerbs: Verbs = [
  ...listingVerbs,
  ['write', (store) => store.write('a', 'x')],
  ['write in parts', (store) => store.write('a', Buffer.alloc(11 * mebibyte), { partSize: 5 * mebibyte })],
]

export const allVerbs: Verbs = [
  ...describingVerbs,
  ['write once', (store) => store.write('a', 'x', { ifAbsent: true })],
  ['read', (store) => store.read('a')],
  ['stream', async (store) => collect(await store.stream('a'))],
  ['stat', (store) => store.stat('a')],
  ['exists', (store) => store.exists('a')],
  ['copyfile', (store) => store.copyfile('a', 'b')],
  ['copyfile over', (store) => store.copyfile('a', 'b', { overwrite: true })],
  ['rename', (store) => store.rename('a', 'b')],
  ['remove', (store) => store.remove('a')],
]

/** Everything in an iterable. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Expects one of the codes, in few words that no terminal obeys. */
export async function expectRefused(operation: Promise<unknown>, ...codes: readonly string[]): Promise<void> {
  const error = await operation.then(
    (value) => expect.fail(`It succeeded with ${JSON.stringify(value)?.slice(0, 300)}.`),
    (thrown: unknown) => thrown as Error & { readonly code?: unknown; readonly hint?: unknown },
  )
  if (error.name !== 'StackError') throw error
  expect(codes, error.message).toContain(error.code)
  expect(error.message.length).toBeLessThan(700)
  expect(`${error.message}${error.hint ?? ''}`).not.toMatch(/\p{Cc}/u)
}
