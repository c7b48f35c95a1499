/** Listing one level, and asking what a name is, on stores with and without directories of their own. */
import { StackError } from '../errors/stack-error.js'
import type { ArtifactStoreDriver, ListOptions, OperationOptions, Stat } from './driver.js'
import { listLevel, type StoreTree } from './store-tree.js'

/** What a name stands for; both on stores where `a` and `a/b` may exist together. */
export interface Kinds {
  readonly file: Stat | null
  readonly directory: boolean
}

/** Finds what a key names; the root is always a directory. */
export async function findKinds(driver: ArtifactStoreDriver, key: string, options: OperationOptions): Promise<Kinds> {
  if (key === '') return { file: null, directory: true }
  const found = await driver.head(key, options)
  const file = found?.kind === 'file' ? found : null
  if (found?.kind === 'directory') return { file: null, directory: true }
  if (driver.capabilities.emptyDirectories || (file !== null && !driver.capabilities.fileAndDirectory)) {
    return { file, directory: false }
  }
  return { file, directory: await hasEntries(driver, key, options) }
}

/** Whether anything stands below a directory, hidden keys and the object that marks it included: a directory on object stores. */
export async function hasEntries(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions,
): Promise<boolean> {
  for await (const page of driver.list(key, { ...options, delimiter: '/', kindsOnly: true })) {
    if (page.entries.length > 0) return true
  }
  return false
}

/**
 * The entries of one directory by the page, in key order; a name that is both a file and a directory comes twice.
 * @throws StackError `not-found` where it is absent, `not-a-directory` where it is a file.
 */
export async function* listDirectory(
  tree: StoreTree,
  key: string,
  options: ListOptions,
): AsyncGenerator<readonly Stat[], void, undefined> {
  let empty = true
  for await (const page of listLevel(tree, key, options)) {
    empty &&= page.empty
    yield page.entries
  }
  // Only now is it asked what the name is: the usual directory, which holds something, costs one request.
  if (empty) await checkDirectory(tree.driver, key, options)
}

/**
 * Makes sure that a key is a directory, where nothing is in it.
 * @throws StackError `not-found` where it is absent, `not-a-directory` where it is a file.
 */
export async function checkDirectory(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions,
): Promise<void> {
  const kinds = await findKinds(driver, key, options)
  if (!kinds.directory) throw noDirectory(kinds)
}

/** The error for a name that should be a directory. */
export function noDirectory(kinds: Kinds): StackError {
  return kinds.file === null
    ? new StackError('not-found', 'it does not exist')
    : new StackError('not-a-directory', 'it is a file')
}

/** The error for a name that should be a file. */
export function noFile(kinds: Kinds): StackError {
  return kinds.directory
    ? new StackError('is-a-directory', 'it is a directory')
    : new StackError('not-found', 'it does not exist')
}
