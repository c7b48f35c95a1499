/** Where bundles of a user's sources are kept. */
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromFileError, isPrivate } from '@stack/core/host'

const writable = constants.W_OK | constants.X_OK

/**
 * The project's own cache where the project has one that this user can write and nobody else, else undefined. A bundle works
 * anywhere, because it imports packages by absolute URL.
 */
export function projectCache(projectRoot: string): string | undefined {
  // Reading a project never makes its `.stack/`.
  let directory = join(projectRoot, '.stack')
  try {
    for (const name of ['cache', 'source']) {
      if (!isPrivate(directory)) return undefined
      directory = join(directory, name)
      makeDirectory(directory)
    }
    accessSync(directory, writable)
    return isPrivate(directory) ? realpathSync(directory) : undefined
  } catch {
    return undefined
  }
}

/**
 * A directory of the user's alone in the system's temporary directory.
 * @throws StackError where none can be made: `no-space`, `permission-denied`.
 */
export function temporaryCache(): string {
  const system = tmpdir()
  try {
    const directory = join(realpathSync(system), `stack-source-${process.geteuid?.() ?? 'user'}`)
    try {
      makeDirectory(directory)
      accessSync(directory, writable)
      if (lstatSync(directory).isDirectory() && isPrivate(directory)) return directory
    } catch {
      // A file is there, it cannot be made, or root made it: one with another name is tried.
    }
    return mkdtempSync(join(realpathSync(system), 'stack-source-'))
  } catch (error) {
    throw fromFileError(error, system)
  }
}

/** Not recursive: within /proc that would never end. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
