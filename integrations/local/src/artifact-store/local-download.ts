/** Copying a file out of the store. */
import { constants, copyFile } from 'node:fs/promises'
import { type GetOptions, type Stat, versionChanged } from '@stack/core'
import { statReadablePath } from './local-stat.js'
import { whenOpenable } from './open-files.js'

/**
 * Copies the file at a real path. Writes put a new file in its place, so one version before and after the copy is the
 * version that was copied.
 */
export async function copyOut(
  key: string,
  path: string,
  file: string,
  options: Omit<GetOptions, 'range'>,
): Promise<Stat> {
  const before = statReadablePath(key, path)
  if (options.ifMatch !== undefined && options.ifMatch !== before.version) throw versionChanged()
  await whenOpenable(() => copyFile(path, file, constants.COPYFILE_FICLONE), options.signal)
  if (statReadablePath(key, path).version !== before.version) throw versionChanged()
  return before
}
