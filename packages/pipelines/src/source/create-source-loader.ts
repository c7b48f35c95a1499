/** Loads a user's TypeScript or JavaScript: bundled once by esbuild, kept, and imported natively. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LoadedSource, type SourceLoader, StackError } from '@stack/core'
import { chooseCacheDirectory } from './cache-directory.js'
import { toSourceError } from './load-error.js'
import { registerBundles } from './map-stack.js'
import { SourceCache } from './source-cache.js'
import { displayPath } from './source-position.js'

/** Where sources are loaded for, and where bundles are kept. */
export interface SourceLoaderOptions {
  readonly projectRoot: string
  /** Unless given, `.stack/cache/source` of the project where it can be written, else a private temporary directory. */
  readonly cacheDirectory?: string
}

/**
 * Makes a loader. Packages stay where they are and are imported from where the user's file finds them; a file that did not
 * change is the same module at each load.
 */
export function createSourceLoader(options: SourceLoaderOptions): SourceLoader {
  const projectRoot = resolve(options.projectRoot)
  let cache: SourceCache | undefined
  return {
    async load(file: string): Promise<LoadedSource> {
      const entry = findFile(resolve(projectRoot, file), projectRoot)
      if (cache === undefined) {
        const directory = options.cacheDirectory ?? chooseCacheDirectory(projectRoot)
        registerBundles(directory)
        cache = new SourceCache(directory, projectRoot)
      }
      const { output, files } = await cache.bundle(entry)
      try {
        const module = (await import(pathToFileURL(output).href)) as LoadedSource['module']
        return { module, files }
      } catch (error) {
        throw toSourceError(error, entry, projectRoot)
      }
    },
  }
}

function findFile(path: string, projectRoot: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new StackError('not-found', `There is no file ${displayPath(path, projectRoot)}.`, { cause })
  }
}
