/** Renaming a directory where the store copies and deletes: it may be interrupted anywhere, and goes on when it is called again. */
import { StackError } from '../errors/stack-error.js'
import { fits, keyRoom } from './artifact-path.js'
import type { OperationOptions } from './driver.js'
import { directoryNotEmpty, type Move } from './move.js'
import { deleteObjects } from './remove-tree.js'
import { isSameObject } from './same-object.js'
import { listObjects, marksDirectory, type StoreTree } from './store-tree.js'

/**
 * Copies all objects of a directory, also those that no path can name, and then deletes them. What has been copied already is
 * not copied again.
 * @throws StackError `directory-not-empty` where the target holds other objects; `invalid-path` where a key would become too long.
 */
export async function renameObjects(tree: StoreTree, move: Move, options: OperationOptions): Promise<void> {
  const source = await namesBelow(tree, move.from, options)
  checkLengths(tree, move, source)
  const copied = move.overwrite ? await findCopied(tree, move, { ...options, source }) : new Set<string>()
  for (const name of source) {
    if (copied.has(name)) continue
    // A mark has nothing to lose, and servers that keep it as a directory take no condition on it.
    const ifAbsent = !move.overwrite && !isMark(name)
    await tree.driver.copy(move.from + name, move.to + name, { ...options, ifAbsent })
  }
  const inOrder = [...source.filter((name) => !isMark(name)), ...source.filter(isMark).reverse()]
  await deleteObjects(
    tree,
    inOrder.map((name) => move.from + name),
    options,
  )
}

/** Whether a name is that of an object that marks a directory. */
function isMark(name: string): boolean {
  return marksDirectory({ key: name })
}

/** What comes after the directory in the keys of all objects below it: `/a/b`, and `/` for the object that marks it. */
async function namesBelow(tree: StoreTree, directory: string, options: OperationOptions): Promise<readonly string[]> {
  const names: string[] = []
  for await (const keys of listObjects(tree, directory, options)) {
    for (const key of keys) names.push(key.slice(directory.length))
  }
  return names
}

/** Before anything is copied: a rename that cannot end would leave half of it. */
function checkLengths({ root }: StoreTree, { to }: Move, names: readonly string[]): void {
  const tooLong = names.find((name) => !fits(to + name, keyRoom(root)))
  if (tooLong === undefined) return
  throw new StackError('invalid-path', `the key of ${JSON.stringify(tooLong.slice(1, 100))} in its target is too long`)
}

/**
 * The objects that an interrupted rename has copied. It leaves a target of copies alone: of some of the source, or, when it was
 * deleting, of all that is left of it. Anything else in the target is somebody's, and is neither replaced nor joined.
 */
async function findCopied(
  tree: StoreTree,
  move: Move,
  { source, ...options }: OperationOptions & { readonly source: readonly string[] },
): Promise<ReadonlySet<string>> {
  const standing = (await namesBelow(tree, move.to, options)).filter((name) => name !== '/')
  const names = new Set(source)
  const common = standing.filter((name) => names.has(name))
  const objects = source.filter((name) => name !== '/')
  if (common.length < standing.length && common.length < objects.length) throw directoryNotEmpty(move)
  for (const name of common) {
    const same = isMark(name) || (await isSameObject(tree.driver, [move.from + name, move.to + name], options))
    if (!same) throw directoryNotEmpty(move)
  }
  return new Set(common.filter((name) => !isMark(name)))
}
