/** Finding what a store holds under keys that no path can name. */
import type { OperationOptions } from './driver.js'
import { isNamedKey, type StoreTree } from './store-tree.js'
import { type Finding, warn } from './verify-finding.js'

/** Keys that are looked at; of a larger store the first ones are. */
const mostKeys = 1_000_000

/** Counts the keys that no listing shows; nothing is found where there are none. */
export async function findHidden(tree: StoreTree, options: OperationOptions): Promise<Finding | undefined> {
  let [seen, count] = [0, 0]
  let first: string | undefined
  for await (const names of namesByPage(tree, options)) {
    for (const { name, hidden } of names) {
      seen += 1
      if (!hidden) continue
      count += 1
      first ??= name
    }
    if (seen >= mostKeys) break
  }
  const among = seen >= mostKeys ? ` among the first ${seen}` : ''
  if (first === undefined) return undefined
  const keys = count === 1 ? '1 key that no path can name is' : `${count} keys that no path can name are`
  return warn(
    `${keys} in no listing${among}, the first ${JSON.stringify(first.slice(0, 100))}`,
    'Another program wrote them. Rename them with it, or remove the directory that they are in.',
  )
}

/** Keys of the store, and whether they are hidden. */
async function* namesByPage(tree: StoreTree, options: OperationOptions) {
  for await (const { entries } of tree.driver.list('', { ...options, kindsOnly: true })) {
    yield entries.map(({ key }) => ({ name: key, hidden: !isNamedKey(tree, key) }))
  }
  for await (const name of tree.driver.hidden?.(options) ?? []) yield [{ name, hidden: true }]
}
