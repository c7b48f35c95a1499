/** Renaming files and directories, on stores that can and on those that copy and delete. */
import { StackError } from '../errors/stack-error.js'
import type { ArtifactStoreDriver, OperationOptions } from './driver.js'
import { findKinds, hasEntries, type Kinds, noDirectory, noFile } from './list-directory.js'
import { deleteObjects, listObjects } from './remove-tree.js'

/** From where to where, and whether what is there may be replaced. */
export interface Move {
  readonly from: string
  readonly to: string
  readonly overwrite: boolean
}

/** Refuses to copy or move something into itself. */
export function checkMove(move: Move): void {
  if (move.to.startsWith(`${move.from}/`)) throw new StackError('invalid-path', 'its target lies below itself')
}

/**
 * Renames; where the store copies and deletes, the source disappears last.
 * @throws StackError `not-found`, `already-exists`, `is-a-directory`, `not-a-directory`, `directory-not-empty`.
 */
export async function renameEntry(driver: ArtifactStoreDriver, move: Move, options: OperationOptions): Promise<void> {
  if (move.from === '') throw new StackError('invalid-path', 'the root of the store cannot be renamed')
  const source = await findKinds(driver, move.from, options)
  if (source.file === null && !source.directory) throw noDirectory(source)
  if (move.from === move.to) return
  checkMove(move)
  await checkTarget(driver, move, source, options)
  const condition = { ...options, ifAbsent: !move.overwrite }
  if (driver.rename !== undefined) return driver.rename(move.from, move.to, condition)
  if (source.file !== null) {
    await driver.copy(move.from, move.to, condition)
    return deleteObjects(driver, [move.from], options)
  }
  const keys: string[] = []
  for await (const batch of listObjects(driver, move.from, options)) {
    for (const key of batch) await driver.copy(key, `${move.to}${key.slice(move.from.length)}`, condition)
    keys.push(...batch)
  }
  await deleteObjects(driver, keys, options)
}

/** What stands in the way, as every store tells it; a race for a file's name is decided by the store itself. */
async function checkTarget(
  driver: ArtifactStoreDriver,
  move: Move,
  source: Kinds,
  options: OperationOptions,
): Promise<void> {
  const target = await findKinds(driver, move.to, options)
  const taken = target.file !== null || (target.directory && !driver.capabilities.fileAndDirectory)
  if (!move.overwrite && (taken || (target.directory && source.file === null))) {
    throw new StackError('already-exists', `its target ${JSON.stringify(move.to)} exists`, {
      hint: 'Pass { overwrite: true } to replace it.',
    })
  }
  if (source.file !== null && target.directory && target.file === null && !driver.capabilities.fileAndDirectory) {
    throw noFile(target)
  }
  if (source.file !== null) return
  if (target.file !== null && !driver.capabilities.fileAndDirectory) throw noDirectory({ ...target, directory: false })
  if (target.directory && (await hasEntries(driver, move.to, options))) {
    throw new StackError('directory-not-empty', `its target ${JSON.stringify(move.to)} is not empty`)
  }
}
