/** What to do about an import that was not found. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isPackageName } from '@stack/core/host'
import { findPackage, packageName } from './installed-package.js'
import { displayPath } from './source-position.js'

/** An import, and where it stands. */
export interface MissingImport {
  readonly specifier: string
  /** The directory of the file that imports it. */
  readonly from: string
  readonly projectRoot: string
  /** The patterns of `paths` in the tsconfig. */
  readonly aliases: readonly string[]
}

/** Names a package to install only where the import can be one that is not installed. */
export function importHint({ specifier, from, projectRoot, aliases }: MissingImport): string {
  if (/^[./]/.test(specifier)) return 'Check the path of the import.'
  if (specifier.startsWith('#')) return `Check "imports" in package.json: "${specifier}" leads to no file.`
  const alias = aliases.find((pattern) => matches(pattern, specifier))
  if (alias !== undefined) return `Check "paths" in tsconfig.json: "${alias}" leads to no file for this import.`
  const name = packageName(specifier)
  const installed = findPackage(name, from)
  if (installed !== undefined) {
    const place = displayPath(installed, projectRoot)
    return `${name} is installed in ${place}, but what its package.json names for this import is not there. Build it if it is a package of your own, or check the import.`
  }
  const [folder = ''] = specifier.split('/')
  if (
    !isPackageName(name) ||
    name !== name.toLowerCase() ||
    existsSync(join(projectRoot, folder)) ||
    existsSync(join(from, folder))
  ) {
    return `Import it by a relative path, or name "${folder}/*" in "paths" of tsconfig.json.`
  }
  return `npm install ${name}`
}

function matches(pattern: string, specifier: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === specifier
  return specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after)
}
