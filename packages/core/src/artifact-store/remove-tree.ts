/** Removing objects, one by one and by the tree. */
import type { ArtifactStoreDriver, OperationOptions } from './driver.js'
import { findKinds, noDirectory } from './list-directory.js'

/** How many keys are deleted at once: what object stores take in one request. */
const batchSize = 1000

/** Removes a directory and all below it; siblings with the same beginning are left alone. */
export async function removeTree(driver: ArtifactStoreDriver, key: string, options: OperationOptions): Promise<void> {
  if (driver.removeTree !== undefined) return driver.removeTree(key, options)
  const kinds = await findKinds(driver, key, options)
  if (!kinds.directory) throw noDirectory(kinds)
  for await (const keys of listObjects(driver, key, options)) await deleteObjects(driver, keys, options)
}

/** Deletes objects in batches; the first that cannot be deleted is thrown after all were tried. */
export async function deleteObjects(
  driver: ArtifactStoreDriver,
  keys: readonly string[],
  options: OperationOptions,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  for (let start = 0; start < keys.length; start += batchSize) {
    const { failed } = await driver.delete(keys.slice(start, start + batchSize), options)
    failure ??= failed[0]
  }
  if (failure !== undefined) throw failure.error
}

/** The keys of all objects below a directory, by the page. */
export async function* listObjects(
  driver: ArtifactStoreDriver,
  key: string,
  options: OperationOptions,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const page of driver.list(key, { ...options, kindsOnly: true })) {
    yield page.entries.filter((entry) => entry.kind === 'file').map((entry) => entry.key)
  }
}
