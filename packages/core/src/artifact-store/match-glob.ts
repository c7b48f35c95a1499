/** Finding what a glob pattern matches, level by level, listing no directory that cannot hold a match. */
import { formatStorePath } from './artifact-path.js'
import type { OperationOptions, Stat } from './driver.js'
import { type GlobSegment, parseGlobSegment } from './glob-pattern.js'
import { findKinds } from './list-directory.js'
import { describeError } from './perform-operation.js'
import { listLevel, nameOf, type StoreTree } from './store-tree.js'

interface Search {
  readonly tree: StoreTree
  readonly segments: readonly GlobSegment[]
  readonly options: OperationOptions
  /** Only directories count: the pattern ended with a slash. */
  readonly directoriesOnly: boolean
  readonly found: Set<string>
}

/** The keys that a pattern without braces matches. */
export async function matchGlob(
  tree: StoreTree,
  pattern: { readonly key: string; readonly directory: boolean },
  options: OperationOptions,
): Promise<ReadonlySet<string>> {
  const segments = pattern.key === '' ? [] : pattern.key.split('/').map(parseGlobSegment)
  const found = new Set<string>()
  await descend({ tree, segments, options, directoriesOnly: pattern.directory, found }, '', new Set([0]), true)
  return found
}

/**
 * Goes on in one directory with every position of the pattern that leads to it at once, so that several `**` never
 * make it listed twice.
 */
async function descend(
  search: Search,
  directory: string,
  reached: ReadonlySet<number>,
  exists: boolean,
): Promise<void> {
  const { segments, found } = search
  const positions = throughGlobstars(segments, reached)
  // Zero segments of a closing `**`: the directory itself, but never the root.
  if (exists && positions.has(segments.length) && directory !== '') found.add(directory)
  const open = [...positions].filter((position) => position < segments.length)
  if (open.length === 0) return
  const only = open.length === 1 ? segments[open[0] as number] : undefined
  if (only?.kind === 'name') return descendByName(search, directory, open[0] as number)
  for await (const entry of entriesOf(search, directory)) {
    const name = nameOf(entry)
    const next = new Set<number>()
    for (const position of open) {
      const segment = segments[position] as GlobSegment
      if (segment.kind === 'globstar') next.add(position)
      else if (segment.kind === 'name' ? segment.name === name : segment.matches(name)) next.add(position + 1)
    }
    await visit(search, entry, next)
  }
}

async function visit(search: Search, entry: Stat, next: ReadonlySet<number>): Promise<void> {
  const { segments, found, directoriesOnly } = search
  if (next.size === 0) return
  const last = segments.length - 1
  const closed = next.has(segments.length) || (segments[last]?.kind === 'globstar' && next.has(last))
  if (closed && (entry.kind === 'directory' || !directoriesOnly)) found.add(entry.key)
  if (entry.kind === 'file') return
  // A link is not followed by `**`: links may form circles.
  const onward = entry.link === true ? [...next].filter((position) => segments[position]?.kind !== 'globstar') : next
  await descend(search, entry.key, new Set(onward), true)
}

/** A plain name needs no listing, only a look where it is the last. */
async function descendByName(search: Search, directory: string, position: number): Promise<void> {
  const { tree, segments, options, directoriesOnly, found } = search
  const { name } = segments[position] as GlobSegment & { kind: 'name' }
  const key = directory === '' ? name : `${directory}/${name}`
  const next = segments[position + 1]
  if (next !== undefined && next.kind !== 'globstar') return descend(search, key, new Set([position + 1]), false)
  const kinds = await findKinds(tree.driver, key, options)
  if (next === undefined && (kinds.directory || (kinds.file !== null && !directoriesOnly))) found.add(key)
  if (next !== undefined && kinds.directory) await descend(search, key, new Set([position + 1]), true)
}

function throughGlobstars(segments: readonly GlobSegment[], reached: ReadonlySet<number>): ReadonlySet<number> {
  const positions = new Set(reached)
  for (const position of positions) if (segments[position]?.kind === 'globstar') positions.add(position + 1)
  return positions
}

/** What a directory holds; nothing where it is absent or a file. That a bucket is absent is an error. */
async function* entriesOf({ tree, options }: Search, directory: string): AsyncGenerator<Stat, void, undefined> {
  try {
    for await (const { entries } of listLevel(tree, directory, { ...options, kindsOnly: true })) yield* entries
  } catch (error) {
    throw describeError({ operation: 'glob', uri: formatStorePath(tree.root, 'absolute', directory) }, error)
  }
}
