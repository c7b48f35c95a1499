/** Walking a tree of directories, as Python's `os.walk` does. */
import type { ArtifactStoreDriver, OperationOptions, Stat } from './driver.js'
import { listDirectory } from './list-directory.js'

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
  const level = await readLevel(driver, key, options)
  if (level === null) return
  const { directories, files, links } = level
  const here: WalkedDirectory = { path: key, directories, files }
  if (options.topDown !== false) yield here
  for (const name of [...directories]) {
    if (links.has(name)) continue
    yield* walkDirectory(driver, key === '' ? name : `${key}/${name}`, options)
  }
  if (options.topDown === false) yield here
}

interface Level {
  readonly directories: string[]
  readonly files: string[]
  /** Directories reached through a symbolic link: named, not descended into, since links may form circles. */
  readonly links: ReadonlySet<string>
}

async function readLevel(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions & WalkOrder,
): Promise<Level | null> {
  const level = { directories: [] as string[], files: [] as string[], links: new Set<string>() }
  try {
    for await (const entries of listDirectory(driver, key, { ...signalOf(options), kindsOnly: true })) {
      for (const entry of entries) {
        const name = nameOf(entry)
        if (entry.kind === 'file') level.files.push(name)
        else level.directories.push(name)
        if (entry.link === true) level.links.add(name)
      }
    }
    return level
  } catch (error) {
    options.signal?.throwIfAborted()
    if (options.onError === undefined) throw error
    options.onError(error)
    return null
  }
}

function signalOf(options: OperationOptions): OperationOptions {
  return options.signal === undefined ? {} : { signal: options.signal }
}

/** The last segment of an entry's key. */
export function nameOf(entry: Pick<Stat, 'key'>): string {
  return entry.key.slice(entry.key.lastIndexOf('/') + 1)
}
