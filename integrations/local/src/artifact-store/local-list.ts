/** Listing directories in the order of the contract, without what leads out of the store or is not finished. */
import { compareKeys, type ListOptions, type Page, type Stat, sortKey } from '@stack/core'
import { takeTurn } from './fair-turns.js'
import { readNames } from './local-names.js'
import type { LocalPaths } from './local-paths.js'
import { statListed } from './local-stat.js'

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

/** Keys and kinds of one level, in order. */
async function readLevel(paths: LocalPaths, prefix: string, options: ListOptions): Promise<readonly Stat[]> {
  const { directories, files, links } = await readNames(paths, prefix, options)
  const toEntry = (kind: Stat['kind'], name: string): Stat => {
    const entry = { key: prefix === '' ? name : `${prefix}/${name}`, kind, size: 0 }
    return links.has(name) ? { ...entry, link: true } : entry
  }
  const entries = files.map((name) => toEntry('file', name))
  if (directories.length === 0) return entries
  for (const name of directories) entries.push(toEntry('directory', name))
  return entries.sort((left, right) => compareKeys(sortKey(left), sortKey(right)))
}

/** The whole stat of an entry; null where it is gone. */
function detail(paths: LocalPaths, { key, link }: Stat): Stat | null {
  const stat = statListed(paths, key)
  return stat === null || link !== true ? stat : { ...stat, link }
}
