/** Walking a tree of directories, as Python's `os.walk` does. */
import type { ArtifactStoreDriver, DirectoryNames, OperationOptions, Stat } from './driver.js'
import { checkDirectory } from './list-directory.js'

/** One directory of a walk. */
export interface WalkedDirectory {
  /** In the form in which the walk's start was given. */
  readonly path: string
  /** Names; top-down, taking some out prunes the walk. */
  readonly directories: string[]
  /** Names. */
  readonly files: string[]
}

/** How a walk goes. */
export interface WalkOrder {
  /** Directories before what they hold (the default), or after it. */
  readonly topDown?: boolean
  /** Called with the error of a directory that cannot be listed, which is then left out; without it the walk rejects. */
  readonly onError?: (error: unknown) => void
}

/** A walk below a key; the paths it yields are keys. */
export async function* walkDirectory(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & WalkOrder,
): AsyncGenerator<WalkedDirectory, void, undefined> {
  const topDown = options.topDown !== false
  /** Keys of directories to read, the next one last; bottom-up each that was read stands below those it holds. */
  const ahead: (string | WalkedDirectory)[] = [key]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (typeof next !== 'string') {
      yield next
      continue
    }
    const names = await readNames(driver, next, options)
    if (names === null) continue
    const { directories, files, links } = names
    const here: WalkedDirectory = { path: next, directories, files }
    if (topDown) yield here
    else ahead.push(here)
    for (const name of directories.toReversed()) {
      // Named, not descended into, since links may form circles.
      if (!links.has(name)) ahead.push(next === '' ? name : `${next}/${name}`)
    }
  }
}

/** The names in a directory; null where it cannot be listed, and that was told. */
async function readNames(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & WalkOrder,
): Promise<DirectoryNames | null> {
  try {
    const limits = signalOf(options)
    const names = await (driver.names?.(key, limits) ?? gatherNames(driver, key, limits))
    if (names.files.length + names.directories.length === 0) await checkDirectory(driver, key, limits)
    return names
  } catch (error) {
    options.signal?.throwIfAborted()
    if (options.onError === undefined) throw error
    options.onError(error)
    return null
  }
}

async function gatherNames(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions,
): Promise<DirectoryNames> {
  const names = { directories: [] as string[], files: [] as string[], links: new Set<string>() }
  for await (const { entries } of driver.list(key, { ...options, delimiter: '/', kindsOnly: true })) {
    for (const entry of entries) {
      const name = nameOf(entry)
      if (entry.kind === 'file') names.files.push(name)
      else names.directories.push(name)
      if (entry.link === true) names.links.add(name)
    }
  }
  return names
}

function signalOf(options: OperationOptions): OperationOptions {
  return options.signal === undefined ? {} : { signal: options.signal }
}

/** The last segment of an entry's key. */
export function nameOf(entry: Pick<Stat, 'key'>): string {
  return entry.key.slice(entry.key.lastIndexOf('/') + 1)
}
