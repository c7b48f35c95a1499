/** Listing directories in the order of the contract, without what leads out of the store or is not finished. */
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeys, isStackError, type ListOptions, type Page, type Stat, sortKey } from '@stack/core'
import { takeTurn } from './fair-turns.js'
import { type LocalPaths, temporaryDirectory } from './local-paths.js'
import { statPath } from './local-stat.js'
import { whenOpenable } from './open-files.js'
import { meansAbsent, toStoreError } from './to-store-error.js'

const pageSize = 1000

/** The entries below a directory, by the page. */
export async function* listLocal(paths: LocalPaths, prefix: string, options: ListOptions): AsyncGenerator<Page> {
  const gathered: Stat[] = []
  yield* gatherPages(paths, prefix, options, gathered)
  if (gathered.length > 0) yield { entries: gathered }
}

/** Yields what is gathered whenever it is a page, and leaves the rest. */
async function* gatherPages(
  paths: LocalPaths,
  prefix: string,
  options: ListOptions,
  gathered: Stat[],
): AsyncGenerator<Page> {
  const after = options.startAfter
  for (const entry of await readLevel(paths, prefix, options)) {
    const turn = options.kindsOnly === true ? undefined : takeTurn()
    if (turn !== undefined) {
      // Seldom: even to wait for nothing takes longer than an entry.
      await turn
      options.signal?.throwIfAborted()
    }
    const detailed = options.kindsOnly === true ? entry : detail(paths, entry)
    if (detailed !== null && (after === undefined || compareKeys(sortKey(entry), after) > 0)) gathered.push(detailed)
    if (gathered.length === pageSize) yield { entries: gathered.splice(0) }
    if (options.delimiter !== undefined || entry.kind === 'file' || entry.link === true) continue
    yield* gatherPages(paths, entry.key, options, gathered)
  }
}

/** Keys and kinds of one level, in order; nothing where the directory is absent or a file. */
async function readLevel(paths: LocalPaths, prefix: string, options: ListOptions): Promise<readonly Stat[]> {
  await takeTurn()
  options.signal?.throwIfAborted()
  try {
    const path = paths.find(prefix)
    if (path === null) return []
    const found = await whenOpenable(() => readdirSync(path, { withFileTypes: true }), options.signal)
    const entries: { readonly sortName: string; readonly entry: Stat }[] = []
    for (const one of found) {
      const entry = toEntry(paths, prefix, path, one)
      if (entry !== null) entries.push({ sortName: entry.kind === 'file' ? one.name : `${one.name}/`, entry })
    }
    // By name, which is shorter than the key: what the keys of a level begin with is the same.
    return entries.sort((left, right) => compareKeys(left.sortName, right.sortName)).map(({ entry }) => entry)
  } catch (error) {
    if (meansAbsent(error)) return []
    throw toStoreError(error)
  }
}

function toEntry(paths: LocalPaths, prefix: string, directory: string, entry: Dirent): Stat | null {
  const { name } = entry
  if (name === temporaryDirectory) return null
  const key = prefix === '' ? name : `${prefix}/${name}`
  if (entry.isFile()) return isUtf8(directory, name) ? { key, kind: 'file', size: 0 } : null
  if (entry.isDirectory()) return isUtf8(directory, name) ? { key, kind: 'directory', size: 0 } : null
  return entry.isSymbolicLink() ? followLink(paths, key) : null
}

/** A name that is not UTF-8 arrives with replacement characters, and then names nothing. */
function isUtf8(directory: string, name: string): boolean {
  return !name.includes('\ufffd') || statPath(name, join(directory, name)) !== null
}

function followLink(paths: LocalPaths, key: string): Stat | null {
  const stat = detail(paths, { key, kind: 'file', size: 0 })
  return stat === null ? null : { ...stat, link: true }
}

/** The whole stat of an entry; null where it is gone, or leads out of the store. */
function detail(paths: LocalPaths, entry: Stat): Stat | null {
  try {
    const path = paths.find(entry.key)
    const stat = path === null ? null : statPath(entry.key, path)
    return stat === null || entry.link !== true ? stat : { ...stat, link: true }
  } catch (error) {
    const mapped = toStoreError(error)
    if (isStackError(mapped, 'invalid-path')) return null
    throw mapped
  }
}
