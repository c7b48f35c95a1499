/** Keeps what discovery found, for as long as no path it looked at has changed. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConsultedPaths, isUnchanged, type PathState } from './consulted-paths.js'
import { type DiscoveredPackage, type DiscoveryOptions, discoverPackages } from './discover-packages.js'

/** Raised when the cache or what discovery makes of a path changes. */
const format = 1

interface CacheContent {
  readonly format: number
  readonly key: string
  readonly paths: readonly (readonly [path: string, state: PathState])[]
  readonly packages: readonly DiscoveredPackage[]
}

/**
 * Discovers packages, from the cache where it still holds. A cache that cannot be read or written is done without; it is
 * never written where the directory above the cache's own (`.stack`) does not exist.
 */
export function discoverCached(options: DiscoveryOptions, cacheFile: string): readonly DiscoveredPackage[] {
  const key = JSON.stringify([options.projectRoot, options.builtins])
  const cached = readCache(cacheFile, key)
  if (cached !== undefined) return cached
  const paths = new ConsultedPaths()
  const packages = discoverPackages(paths, options)
  writeCache(cacheFile, { format, key, paths: [...paths.states], packages })
  return packages
}

function readCache(file: string, key: string): readonly DiscoveredPackage[] | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as CacheContent
    if (content.format !== format || content.key !== key || !Array.isArray(content.packages)) return undefined
    return content.paths.every(([path, state]) => isUnchanged(path, state)) ? content.packages : undefined
  } catch {
    return undefined
  }
}

function writeCache(file: string, content: CacheContent): void {
  const temporary = `${file}.${process.pid}-${process.hrtime.bigint()}`
  try {
    try {
      mkdirSync(dirname(file))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return
    }
    writeFileSync(temporary, JSON.stringify(content), { flag: 'wx' })
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
