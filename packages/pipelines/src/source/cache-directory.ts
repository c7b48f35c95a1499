/** Where bundles of a user's sources are kept. */
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * The project's own cache where the project has one that can be written, else a directory of the user's in the system's
 * temporary directory. A bundle works anywhere, because it imports packages by absolute URL.
 */
export function chooseCacheDirectory(projectRoot: string): string {
  return projectCache(projectRoot) ?? temporaryCache()
}

/** Reading a project never makes its `.stack/`. */
function projectCache(projectRoot: string): string | undefined {
  const state = join(projectRoot, '.stack')
  const directory = join(state, 'cache', 'source')
  try {
    accessSync(state, constants.W_OK)
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
    return realpathSync(directory)
  } catch {
    return undefined
  }
}

/** Code is run from there, so it must be a directory that nobody else can write to. */
function temporaryCache(): string {
  const directory = join(realpathSync(tmpdir()), `stack-source-${userInfo().username.replace(/[^\w.-]/g, '_')}`)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const found = lstatSync(directory)
    const own = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0)
    if (found.isDirectory() && own) return directory
  } catch {
    // Somebody else's: one of our own is made below.
  }
  return mkdtempSync(join(realpathSync(tmpdir()), 'stack-source-'))
}
