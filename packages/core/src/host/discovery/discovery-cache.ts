/** Keeps what discovery found, for as long as no path it looked at has changed. */
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isPrivate } from '../ownership/owners.js'
import { trustKey } from '../ownership/require-trusted.js'
import { ConsultedPaths, isUnchanged } from './consulted-paths.js'
import { type DiscoveredPackage, type DiscoveryOptions, discoverPackages } from './discover-packages.js'
import { formatDiscovery, parseDiscovery } from './discovery-record.js'

/** A cache beyond this size, in bytes, is made anew. */
const sizeLimit = 16 * 1024 * 1024

/**
 * Discovers packages, from the cache where it still holds. A cache that is damaged, that others can write, or that cannot be
 * read or written is done without; it is never written where the directory above the cache's own (`.stack`) does not exist.
 * @throws StackError `permission-denied` where what would be used was found above the project and belongs to somebody else.
 */
export function discoverCached(options: DiscoveryOptions, cacheFile: string): readonly DiscoveredPackage[] {
  const key = JSON.stringify([options.projectRoot, options.builtins, trustKey()])
  const usable = isPrivateCache(cacheFile)
  const cached = usable ? readCache(cacheFile, key) : undefined
  if (cached !== undefined) return cached
  const paths = new ConsultedPaths(options.projectRoot)
  const packages = discoverPackages(paths, options)
  if (usable) writeCache(cacheFile, formatDiscovery({ key, paths: [...paths.states], packages }))
  return packages
}

/** Whether nobody else can write the cache; one that is not there yet is judged by the directory it will be in. */
function isPrivateCache(file: string): boolean {
  const directory = dirname(file)
  try {
    if (!isPrivate(dirname(directory))) return false
    return [directory, file].every(
      (path) => isPrivate(path) || lstatSync(path, { throwIfNoEntry: false }) === undefined,
    )
  } catch {
    // A directory that may not be looked into.
    return false
  }
}

function readCache(file: string, key: string): readonly DiscoveredPackage[] | undefined {
  try {
    const stats = lstatSync(file)
    if (!stats.isFile() || stats.size > sizeLimit) return undefined
    const found = parseDiscovery(readFileSync(file, 'utf8'))
    if (found?.key !== key) return undefined
    return found.paths.every(([path, state]) => isUnchanged(path, state)) ? found.packages : undefined
  } catch {
    return undefined
  }
}

function writeCache(file: string, text: string): void {
  const temporary = `${file}.${process.pid}-${process.hrtime.bigint()}`
  try {
    try {
      mkdirSync(dirname(file), { mode: 0o700 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return
    }
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 })
    renameSync(temporary, file)
  } catch {
    discard(temporary)
  }
}

/** What could not be written may not be removable either; a cache is never a reason to fail. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Nothing is lost by leaving it.
  }
}
