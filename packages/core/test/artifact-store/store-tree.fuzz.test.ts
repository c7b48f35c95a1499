/** Whatever keys a store lists: walks end, every name that is shown can be used, and a tree is removed whole. */
import { describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { parseStorePath } from '../../src/artifact-store/artifact-path.js'
import { isNamedKey, type StoreTree } from '../../src/artifact-store/store-tree.js'
import {
  type ArtifactStoreDriver,
  compareKeys,
  type ListOptions,
  type Page,
  type Stat,
  sortKey,
} from '../../src/index.js'
import { MemoryStore } from './memory-driver.js'

const segment = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '.', '..', 'a', 'b', 'a-', 'é') },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 260 }).map((length) => 'n'.repeat(length)) },
)
const key = fc.array(segment, { maxLength: 5 }).map((segments) => segments.join('/'))

/** The least that a driver needs for a tree of names. */
class KeysDriver {
  readonly capabilities = { emptyDirectories: false, fileAndDirectory: true }
  readonly keys: Set<string>

  constructor(keys: readonly string[]) {
    this.keys = new Set(keys)
  }

  async head(name: string): Promise<Stat | null> {
    return this.keys.has(name) ? { key: name, kind: 'file', size: 0 } : null
  }

  async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    const start = prefix === '' ? '' : `${prefix}/`
    const entries = new Map<string, Stat>()
    for (const found of this.keys) {
      if (!found.startsWith(start)) continue
      const slash = options.delimiter === undefined ? -1 : found.indexOf('/', start.length)
      const kind = slash === -1 ? 'file' : 'directory'
      const entry: Stat = { key: slash === -1 ? found : found.slice(0, slash), kind, size: 0 }
      entries.set(`${kind} ${entry.key}`, entry)
    }
    yield { entries: [...entries.values()].sort((left, right) => compareKeys(sortKey(left), sortKey(right))) }
  }

  async delete(names: readonly string[]) {
    for (const name of names) this.keys.delete(name)
    return { failed: [] }
  }
}

const start = 'memory://bucket'
const root = { scheme: 'memory', authority: 'bucket', segments: [] }

describeDoor('keys that a store lists', fc.array(key, { maxLength: 5 }), async (keys) => {
  const driver = new KeysDriver(keys)
  const tree: StoreTree = { driver: driver as unknown as ArtifactStoreDriver, root }
  const store = new MemoryStore(tree.driver)
  const shown = new Set<string>()
  for await (const { path, directories, files } of store.walk(start)) {
    for (const name of [...directories, ...files]) {
      const full = `${path}/${name}`
      check(`${start}/${parseStorePath(root, full).key}` === full, `${full} is written otherwise than it is`)
      shown.add(full)
    }
  }
  const globbed = await store.glob(`${start}/**`)
  check(globbed.length === shown.size && globbed.every((path) => shown.has(path)), 'glob and walk differ')
  for (const path of globbed) check(await store.exists(path), `${path} is listed and does not exist`)
  for (const one of keys) {
    const expected = isNamedKey(tree, one) && one !== ''
    check(!expected || shown.has(`${start}/${one.replace(/\/$/, '')}`), `${one} is not shown`)
  }
  await store.rmtree('', { root: true })
  check(driver.keys.size === 0, 'rmtree left something')
})

/** Quicker than the assertions of vitest, which would take most of the time. */
function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
