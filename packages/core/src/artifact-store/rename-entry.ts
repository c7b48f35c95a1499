/** Renaming files and directories, on stores that can and on those that copy and delete. */
import { StackError } from '../errors/stack-error.js'
import type { OperationOptions } from './driver.js'
import { findKinds, hasEntries, type Kinds, noDirectory, noFile } from './list-directory.js'
import { checkMove, directoryNotEmpty, type Move } from './move.js'
import { deleteObjects } from './remove-tree.js'
import { renameObjects } from './rename-objects.js'
import type { StoreTree } from './store-tree.js'

/**
 * Renames; where the store copies and deletes, the source disappears last.
 * @throws StackError `not-found`, `already-exists`, `is-a-directory`, `not-a-directory`, `directory-not-empty`.
 */
export async function renameEntry(tree: StoreTree, move: Move, options: OperationOptions): Promise<void> {
  const { driver } = tree
  if (move.from === '') throw new StackError('invalid-path', 'the root of the store cannot be renamed')
  const source = await findKinds(driver, move.from, options)
  if (source.file === null && !source.directory) throw noDirectory(source)
  if (move.from === move.to) return
  checkMove(move)
  const target = await findKinds(driver, move.to, options)
  checkTarget(tree, move, source, target)
  const condition = { ...options, ifAbsent: !move.overwrite }
  if (driver.rename !== undefined) {
    if (source.file === null && target.directory && (await hasEntries(driver, move.to, options))) {
      throw directoryNotEmpty(move)
    }
    return driver.rename(move.from, move.to, condition)
  }
  if (source.file === null) return renameObjects(tree, move, options)
  await driver.copy(move.from, move.to, condition)
  // Not cancelled: the copy is there.
  await deleteObjects(tree, [move.from], {})
}

/** Refuses what stands in the way, as every store does; a race for a file's name is decided by the store itself. */
function checkTarget({ driver }: StoreTree, move: Move, source: Kinds, target: Kinds): void {
  const taken = target.file !== null || (target.directory && !driver.capabilities.fileAndDirectory)
  if (!move.overwrite && (taken || (target.directory && source.file === null))) {
    throw new StackError('already-exists', `its target ${JSON.stringify(move.to)} exists`, {
      hint: 'Pass { overwrite: true } to replace it.',
    })
  }
  if (source.file !== null && target.directory && target.file === null && !driver.capabilities.fileAndDirectory) {
    throw noFile(target)
  }
  if (source.file === null && target.file !== null && !driver.capabilities.fileAndDirectory) {
    throw noDirectory({ ...target, directory: false })
  }
}
