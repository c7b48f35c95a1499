/** Leaves packages out of a bundle: they are imported by absolute URL from where the user's file finds them. */
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'
import { commonJsNamespace, isCommonJs } from './commonjs-packages.js'
import type { ConsultedFiles } from './consulted-files.js'

/** Marks a resolution this plugin asked esbuild for. */
const asked = Symbol('asked')

/**
 * Resolves imports as Node would, except that TypeScript (of a workspace's package, say) is bundled. Each package that is not
 * installed is added to `missing`, where one is given, and left to fail when it is reached.
 */
export function packagesPlugin(consulted: ConsultedFiles, missing?: Set<string>): Plugin {
  return {
    name: 'resolve-packages',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args): Promise<OnResolveResult | undefined> => {
        const { path, kind, importer, resolveDir } = args
        if (args.namespace === commonJsNamespace) return { path, external: true }
        if (args.pluginData === asked || kind === 'entry-point' || isLocal(path)) return undefined
        if (isBuiltin(path) || isUrl(path)) return { path, external: true }
        const isPackage = consulted.addPackage(packageName(path), resolveDir)
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: asked })
        if (found.errors.length > 0) {
          if (missing === undefined && !isLazy(kind)) return undefined
          // Where it is missing, not by its name: Node would look for that upward from the bundle, where others may write.
          const absent = join(resolveDir, 'node_modules', path)
          const place = isRequire(kind) ? absent : pathToFileURL(absent).href
          missing?.add(place)
          return { path: place, external: true }
        }
        consulted.requireTrusted(found.path)
        if (found.external || found.namespace !== 'file') return undefined
        const outside = isPackage || /[\\/]node_modules[\\/]/.test(found.path)
        if (!outside || isBundled(found.path)) return undefined
        if (isRequire(kind)) return { path: found.path, external: true }
        if (kind === 'import-statement' && isCommonJs(found.path))
          return { path: found.path, namespace: commonJsNamespace }
        return { path: pathToFileURL(found.path).href, external: true }
      })
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

/** What fails only when it is reached, so that a package may be optional. */
function isLazy(kind: OnResolveArgs['kind']): boolean {
  return kind === 'dynamic-import' || isRequire(kind)
}

function isRequire(kind: OnResolveArgs['kind']): boolean {
  return kind === 'require-call' || kind === 'require-resolve'
}

function packageName(path: string): string {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/')
}
