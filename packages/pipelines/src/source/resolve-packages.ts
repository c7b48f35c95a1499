/** Leaves packages out of a bundle: they are imported by absolute URL from where the user's file finds them. */
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'rolldown'
import { commonJsModule, isCommonJs, isCommonJsModule } from './commonjs-packages.js'
import type { ConsultedFiles } from './consulted-files.js'
import { packageName } from './installed-package.js'

/** An import of a package that is not installed. */
export interface AbsentImport {
  readonly specifier: string
  readonly importer: string
  /** As what it stands in the bundle. */
  readonly place: string
}

/**
 * Resolves imports as Node would, except that TypeScript (of a workspace's package, say) is bundled. Each import of a package that
 * is not installed is added to `absent`, and left to fail when it is reached.
 */
export function packagesPlugin(consulted: ConsultedFiles, absent: AbsentImport[]): Plugin {
  return {
    name: 'resolve-packages',
    async resolveId(specifier, importer, { kind, isEntry }) {
      if (isCommonJsModule(importer)) return { id: specifier, external: 'absolute' }
      if (isEntry || importer === undefined || isLocal(specifier) || specifier.startsWith('\0')) return null
      if (isBuiltin(specifier) || isUrl(specifier)) return { id: specifier, external: true }
      const isPackage = consulted.addPackage(packageName(specifier), dirname(importer))
      const found = await this.resolve(specifier, importer, { kind, skipSelf: true })
      if (found === null) {
        // Where it is missing, not by its name: Node would look for that upward from the bundle, where others may write.
        const file = join(dirname(importer), 'node_modules', specifier)
        const place = kind === 'require-call' ? file : pathToFileURL(file).href
        absent.push({ specifier, importer, place })
        return { id: place, external: kind === 'require-call' ? 'absolute' : true }
      }
      consulted.requireTrusted(found.id)
      if (found.external !== false) return found
      const outside = isPackage || /[\\/]node_modules[\\/]/.test(found.id)
      if (!outside || isBundled(found.id)) return found
      if (kind === 'require-call') return { id: found.id, external: 'absolute' }
      if (kind === 'import-statement' && isCommonJs(found.id)) return { id: commonJsModule(found.id) }
      return { id: pathToFileURL(found.id).href, external: true }
    },
  }
}

/** What Node cannot import by itself. */
function isBundled(path: string): boolean {
  return /\.([cm]?tsx?|jsx|json)$/.test(path)
}

function isLocal(path: string): boolean {
  return /^(\.{0,2}[\\/]|\.{1,2}$|[A-Za-z]:[\\/])/.test(path)
}

function isUrl(path: string): boolean {
  return /^(node|data|file|https?):/.test(path)
}
