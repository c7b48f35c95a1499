/** Removing files and trees; of a symbolic link only the link. */
import { readdirSync, unlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isStackError, StackError } from '@stack/core'
import { type LocalPaths, temporaryDirectory } from './local-paths.js'
import { lstatPath, statPath } from './local-stat.js'
import { checkOrdinary } from './special-files.js'
import { meansAbsent } from './to-store-error.js'

/** Removes a file; an absent one is a success. */
export function removeFile(paths: LocalPaths, key: string): void {
  const path = paths.findUnfollowed(key)
  if (path === null) return
  try {
    unlinkSync(path)
  } catch (error) {
    if (!meansAbsent(error)) throw error
  }
}

/** Removes a directory with all below it; of the root what is in it. */
export async function removeTree(paths: LocalPaths, key: string, signal: AbortSignal | undefined): Promise<void> {
  if (key === '') return emptyRoot(paths, signal)
  const path = paths.findUnfollowed(key)
  const found = lstatPath(path)
  if (path === null || found === undefined) throw new StackError('not-found', 'it does not exist')
  if (found.isSymbolicLink() && !leadsToFile(paths, key)) return unlinkSync(path)
  checkOrdinary(found)
  if (!found.isDirectory()) throw new StackError('not-a-directory', 'it is a file')
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}

async function emptyRoot(paths: LocalPaths, signal: AbortSignal | undefined): Promise<void> {
  const root = paths.find('')
  if (root === null) return
  for (const name of readdirSync(root)) {
    signal?.throwIfAborted()
    // Writes that are going on finish after this and are then the first in an empty store.
    if (name !== temporaryDirectory) await rm(join(root, name), { recursive: true, force: true, maxRetries: 3 })
  }
}

function leadsToFile(paths: LocalPaths, key: string): boolean {
  try {
    const target = paths.find(key)
    return target !== null && statPath(key, target)?.kind === 'file'
  } catch (error) {
    if (isStackError(error, 'invalid-path')) return false
    throw error
  }
}
