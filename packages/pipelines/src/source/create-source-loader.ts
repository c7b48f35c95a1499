/** Loads a user's TypeScript or JavaScript: bundled once by rolldown, kept, and imported natively. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LoadedSource, type SourceLoader, StackError } from '@stack/core'
import { projectCache, temporaryCache } from './cache-directory.js'
import { toSourceError } from './load-error.js'
import { registerBundles } from './map-stack.js'
import { SourceCache } from './source-cache.js'
import { displayPath } from './source-position.js'

/** Where sources are loaded for, and where bundles are kept. */
export interface SourceLoaderOptions {
  readonly projectRoot: string
  /** `.stack/cache/source` of the project unless given; a private temporary directory where this user cannot write, or others can. */
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
      cache ??= openCache(options.cacheDirectory ?? projectCache(projectRoot), projectRoot)
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

/** The cache in a directory, or where that is missing or cannot be written, in one of the user's alone. */
function openCache(directory: string | undefined, projectRoot: string): SourceCache {
  const fallback = () => registered(temporaryCache())
  return directory === undefined
    ? new SourceCache({ directory: fallback(), projectRoot })
    : new SourceCache({ directory: registered(directory), projectRoot, fallback })
}

function registered(directory: string): string {
  registerBundles(directory)
  return directory
}

function findFile(path: string, projectRoot: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new StackError('not-found', `There is no file ${displayPath(path, projectRoot)}.`, { cause })
  }
}
