/** Removing objects, one by one and by the tree. */
import { formatStorePath } from './artifact-path.js'
import type { OperationOptions } from './driver.js'
import { findKinds, noDirectory } from './list-directory.js'
import { describeError } from './perform-operation.js'
import { listObjects, marksDirectory, type StoreTree } from './store-tree.js'

/** How many keys are deleted at once: what object stores take in one request. */
const batchSize = 1000

/** Removes a directory and all below it, also what no path can name; siblings with the same beginning are left alone. */
export async function removeTree(tree: StoreTree, key: string, options: OperationOptions): Promise<void> {
  const { driver } = tree
  if (driver.removeTree !== undefined) return driver.removeTree(key, options)
  const kinds = await findKinds(driver, key, options)
  if (!kinds.directory) throw noDirectory(kinds)
  const marks: string[] = []
  for await (const keys of listObjects(tree, key, options)) {
    const objects: string[] = []
    for (const one of keys) (marksDirectory({ key: one }) ? marks : objects).push(one)
    await deleteObjects(tree, objects, options)
  }
  // Some servers keep them as directories: each after what is in it.
  await deleteObjects(tree, marks.reverse(), options)
}

/** Deletes objects in batches; the first that cannot be deleted is thrown after all were tried. */
export async function deleteObjects(
  { driver, root }: StoreTree,
  keys: readonly string[],
  options: OperationOptions,
): Promise<void> {
  let failure: { readonly key: string; readonly error: unknown } | undefined
  for (let start = 0; start < keys.length; start += batchSize) {
    const { failed } = await driver.delete(keys.slice(start, start + batchSize), options)
    failure ??= failed[0]
  }
  if (failure === undefined) return
  throw describeError({ operation: 'remove', uri: formatStorePath(root, 'absolute', failure.key) }, failure.error)
}
