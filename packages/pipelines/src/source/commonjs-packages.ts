/** CommonJS packages in a bundle: required, so that `import { name }` finds every name, as TypeScript says it does. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'rolldown'

/** Marks the id of a module that stands for a CommonJS package; the rest of the id is the package's file. */
const mark = '\0commonjs-package:'

/** The id of a module that exports what requiring a file returns. */
export function commonJsModule(path: string): string {
  return mark + path
}

/** Whether an id is that of such a module. */
export function isCommonJsModule(id: string | undefined): boolean {
  return id?.startsWith(mark) === true
}

/** Loads such a module; the package itself stays outside of the bundle. */
export function commonJsPlugin(): Plugin {
  return {
    name: 'commonjs-packages',
    load(id) {
      if (!isCommonJsModule(id)) return null
      return { code: `module.exports = require(${JSON.stringify(id.slice(mark.length))})`, moduleType: 'js' }
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
