/** CommonJS packages in a bundle: required, so that `import { name }` finds every name, as TypeScript says it does. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

/** The namespace of modules that stand for a CommonJS package. */
export const commonJsNamespace = 'commonjs-package'

/** Loads such a module; the package itself stays outside of the bundle. */
export function commonJsPlugin(): Plugin {
  return {
    name: commonJsNamespace,
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: commonJsNamespace }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)})`,
        loader: 'js',
      }))
    },
  }
}

/** Whether Node takes a file for CommonJS: by its extension, else by the `type` of the package it is in. */
export function isCommonJs(path: string): boolean {
  if (path.endsWith('.cjs')) return true
  if (!path.endsWith('.js')) return false
  for (let directory = dirname(path); directory !== dirname(directory); directory = dirname(directory)) {
    try {
      const { type } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { readonly type?: unknown }
      return type !== 'module'
    } catch {
      // No package.json here, or one Node would refuse too: the next one above decides.
    }
  }
  return true
}
