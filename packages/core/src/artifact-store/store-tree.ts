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
  const isVisible = visibleBelow(tree, key)
  for await (const { entries } of tree.driver.list(key, { ...options, delimiter: '/' })) {
    checkBelow(key, entries)
    const marked = entries.some(marksDirectory) ? entries.map(toDirectory) : entries
    yield { entries: marked.every(isVisible) ? marked : marked.filter(isVisible), empty: entries.length === 0 }
  }
}

/** The names in one directory that paths can hold. */
export async function listNames(tree: StoreTree, key: string, options: OperationOptions): Promise<DirectoryNames> {
  const listed = await tree.driver.names?.(key, options)
  if (listed === undefined) return gatherNames(tree, key, options)
  const isVisible = visibleBelow(tree, key)
  const start = prefixOf(key)
  const isNamed = (name: string) => isVisible({ key: start + name })
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
    checkBelow(key, entries)
    yield entries.filter((entry) => entry.kind === 'file').map((entry) => entry.key)
  }
}

/** Whether a path can name a key of any depth; an object that marks a directory is named as that directory. */
export function isNamedKey(tree: StoreTree, key: string): boolean {
  const named = marksDirectory({ key }) ? key.slice(0, -1) : key
  if (named === '') return key === ''
  return named.split('/').every(isName) && takesKey(tree, named, keyRoom(tree.root))
}

/** Whether a listed object marks a directory: consoles make such objects for empty ones. */
export function marksDirectory({ key }: Pick<Stat, 'key'>): boolean {
  return key.endsWith('/') || key === ''
}

/** The last segment of an entry's key. */
export function nameOf(entry: Pick<Stat, 'key'>): string {
  return entry.key.slice(entry.key.lastIndexOf('/') + 1)
}

function visibleBelow(tree: StoreTree, directory: string): (entry: Pick<Stat, 'key'>) => boolean {
  const start = prefixOf(directory).length
  const room = keyRoom(tree.root)
  return ({ key }) => isName(start === 0 ? key : key.slice(start)) && takesKey(tree, key, room)
}

function takesKey({ driver }: StoreTree, key: string, room: number): boolean {
  return fits(key, room) && driver.takes?.(key) !== false
}

function toDirectory(entry: Stat): Stat {
  if (entry.kind === 'directory' || !marksDirectory(entry)) return entry
  return { key: entry.key.slice(0, -1), kind: 'directory', size: 0 }
}

/** What else a broken store lists is neither shown nor removed. */
function checkBelow(directory: string, entries: readonly Stat[]): void {
  if (directory === '') return
  const start = prefixOf(directory)
  const stray = entries.find(({ key }) => !key.startsWith(start))
  if (stray === undefined) return
  const [listed, asked] = [stray.key, directory].map((key) => JSON.stringify(key.slice(0, 100)))
  throw new StackError('unavailable', `the store lists ${listed}, which is not below ${asked}`)
}

function prefixOf(directory: string): string {
  return directory === '' ? '' : `${directory}/`
}
