/** The door for what a driver lists: others may have written keys that no path can name, and objects that mark directories. */
import { StackError } from '../errors/stack-error.js'
import { fits, isName, keyRoom } from './artifact-path.js'
import type { ArtifactStoreDriver, DirectoryNames, ListOptions, OperationOptions, Stat } from './driver.js'
import type { StoreRoot } from './store-root.js'

/** A driver, and the root that its keys are relative to. */
export interface StoreTree {
  readonly driver: ArtifactStoreDriver
  readonly root: StoreRoot
}

/** A page of one level. */
export interface LevelPage {
  /** Without what no path can name. */
  readonly entries: readonly Stat[]
  /** Whether the driver listed nothing at all: no hidden key, and no object that marks the directory itself. */
  readonly empty: boolean
}

/** What is in one directory, by the page. */
export async function* listLevel(tree: StoreTree, key: string, options: ListOptions): AsyncGenerator<LevelPage> {
  const start = prefixOf(key)
  const isNamed = namedBelow(tree, start)
  const isVisible = (entry: Stat): boolean => isNamed(entry.key.slice(start.length))
  for await (const { entries } of tree.driver.list(key, { ...options, delimiter: '/' })) {
    checkBelow(start, entries)
    const visible = entries.every(isVisible) ? entries : entries.map(toDirectory).filter(isVisible)
    yield { entries: visible, empty: entries.length === 0 }
  }
}

/** The names in one directory that paths can hold. */
export async function listNames(tree: StoreTree, key: string, options: OperationOptions): Promise<DirectoryNames> {
  const listed = await tree.driver.names?.(key, options)
  if (listed === undefined) return gatherNames(tree, key, options)
  const isNamed = namedBelow(tree, prefixOf(key))
  const { directories, files, links } = listed
  if (directories.every(isNamed) && files.every(isNamed)) return listed
  return { directories: directories.filter(isNamed), files: files.filter(isNamed), links }
}

async function gatherNames(tree: StoreTree, key: string, options: OperationOptions): Promise<DirectoryNames> {
  const names = { directories: [] as string[], files: [] as string[], links: new Set<string>() }
  for await (const { entries } of listLevel(tree, key, { ...options, kindsOnly: true })) {
    for (const entry of entries) {
      const name = nameOf(entry)
      if (entry.kind === 'file') names.files.push(name)
      else names.directories.push(name)
      if (entry.link === true) names.links.add(name)
    }
  }
  return names
}

/** The keys of all objects below a directory by the page, as the driver has them: also those that no path can name. */
export async function* listObjects(
  { driver }: StoreTree,
  key: string,
  options: OperationOptions,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const { entries } of driver.list(key, { ...options, kindsOnly: true })) {
    checkBelow(prefixOf(key), entries)
    yield entries.filter((entry) => entry.kind === 'file').map((entry) => entry.key)
  }
}

/** Whether a path can name a key of any depth; an object that marks a directory is named as that directory. */
export function isNamedKey({ driver, root }: StoreTree, key: string): boolean {
  const named = marksDirectory({ key }) ? key.slice(0, -1) : key
  if (named === '') return key === ''
  return named.split('/').every(isName) && fits(named, keyRoom(root)) && driver.takes?.(named) !== false
}

/** Whether a listed object marks a directory: consoles make such objects for empty ones. */
export function marksDirectory({ key }: Pick<Stat, 'key'>): boolean {
  return key.endsWith('/') || key === ''
}

/** The last segment of an entry's key. */
export function nameOf(entry: Pick<Stat, 'key'>): string {
  return entry.key.slice(entry.key.lastIndexOf('/') + 1)
}

/** Whether a path can hold a name in the directory whose keys begin so: the name itself, and the key that it makes. */
function namedBelow({ driver, root }: StoreTree, start: string): (name: string) => boolean {
  const room = keyRoom(root) - Buffer.byteLength(start)
  return (name) => isName(name) && fits(name, room) && driver.takes?.(start + name) !== false
}

function toDirectory(entry: Stat): Stat {
  if (entry.kind === 'directory' || !marksDirectory(entry)) return entry
  return { key: entry.key.slice(0, -1), kind: 'directory', size: 0 }
}

/** What else a broken store lists is neither shown nor removed. */
function checkBelow(start: string, entries: readonly Stat[]): void {
  // Half as long as `startsWith`, which takes as long as all else that is looked at.
  const stray = entries.find(({ key }) => key.lastIndexOf(start, 0) !== 0)
  if (stray === undefined) return
  const [listed, asked] = [stray.key, start].map((key) => JSON.stringify(key.slice(0, 100)))
  throw new StackError('unavailable', `the store lists ${listed}, which is not below ${asked}`)
}

function prefixOf(directory: string): string {
  return directory === '' ? '' : `${directory}/`
}
