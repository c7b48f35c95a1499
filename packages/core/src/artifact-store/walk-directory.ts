/** Walking a tree of directories, as Python's `os.walk` does. */
import { isStackError } from '../errors/stack-error.js'
import { formatStorePath } from './artifact-path.js'
import type { DirectoryNames, OperationOptions } from './driver.js'
import { checkDirectory } from './list-directory.js'
import { describeError } from './perform-operation.js'
import { listNames, type StoreTree } from './store-tree.js'

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
  /**
   * Called with the error of a directory that cannot be listed, which is then left out. Without it the walk rejects, unless the
   * directory stands below the start and vanished meanwhile.
   */
  readonly onError?: (error: unknown) => void
}

/** A walk below a key; the paths it yields are keys. */
export async function* walkDirectory(
  tree: StoreTree,
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
    const names = await readNames(tree, next, { ...options, start: key })
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

/** The names in a directory; null where it cannot be listed, which was reported, or has vanished below the start. */
async function readNames(
  tree: StoreTree,
  key: string,
  options: OperationOptions & WalkOrder & { readonly start: string },
): Promise<DirectoryNames | null> {
  try {
    const limits = signalOf(options)
    const names = await listNames(tree, key, limits)
    if (names.files.length + names.directories.length === 0) await checkDirectory(tree.driver, key, limits)
    return names
  } catch (error) {
    options.signal?.throwIfAborted()
    const described = describeError({ operation: 'walk', uri: formatStorePath(tree.root, 'absolute', key) }, error)
    options.onError?.(described)
    const vanished =
      key !== options.start && (isStackError(error, 'not-found') || isStackError(error, 'not-a-directory'))
    if (options.onError === undefined && !vanished) throw described
    return null
  }
}

function signalOf(options: OperationOptions): OperationOptions {
  return options.signal === undefined ? {} : { signal: options.signal }
}
