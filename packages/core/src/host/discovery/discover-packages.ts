/** Finds the flavor packages a project can use, by reading JSON and never running code. */
import { join } from 'node:path'
import type { ConsultedPaths } from './consulted-paths.js'
import { declaredPackages } from './declared-packages.js'
import { type FlavorPackage, findPackage, readFlavorPackage, readPackageJson } from './package-json.js'
import { undeclaredPackages } from './undeclared-packages.js'

/** Where flavors come from. */
export const flavorOrigins = ['project', 'workspace', 'extended', 'undeclared', 'global', 'builtin', 'source'] as const

/** Where a flavor comes from. */
export type FlavorOrigin = (typeof flavorOrigins)[number]

/** A flavor package and the strongest way in which the project has it. */
export interface DiscoveredPackage extends FlavorPackage {
  readonly origin: FlavorOrigin
}

/** What discovery starts from. */
export interface DiscoveryOptions {
  readonly projectRoot: string
  /** Directories of packages the program carries. */
  readonly builtins: readonly string[]
}

/** Every flavor package, strongest origin first, each real directory once. */
export function discoverPackages(paths: ConsultedPaths, options: DiscoveryOptions): readonly DiscoveredPackage[] {
  const { projectRoot, builtins } = options
  const found = new Map<string, DiscoveredPackage>()
  const add = (directory: string, name: string, origin: FlavorOrigin): void => {
    const flavorPackage = readFlavorPackage(paths, directory, name)
    if (flavorPackage === undefined || found.has(flavorPackage.root)) return
    found.set(flavorPackage.root, { ...flavorPackage, origin })
  }
  for (const { directory, origin, names } of declaredPackages(paths, projectRoot)) {
    for (const name of names) {
      const installed = findPackage(paths, directory, name)
      if (installed !== undefined) add(installed, name, origin)
    }
  }
  // The list grows while it is walked: an extended package may extend others.
  const extending = [...found.values()]
  for (const { root, manifest } of extending) {
    for (const name of manifest.extends) {
      const installed = findPackage(paths, root, name)
      const before = found.size
      if (installed !== undefined) add(installed, name, 'extended')
      const added = found.size > before ? [...found.values()].at(-1) : undefined
      if (added !== undefined) extending.push(added)
    }
  }
  for (const directory of builtins) {
    const name = readPackageJson(paths, join(directory, 'package.json'))?.name
    if (typeof name === 'string') add(directory, name, 'builtin')
  }
  for (const { directory, name } of undeclaredPackages(paths, projectRoot)) add(directory, name, 'undeclared')
  return [...found.values()]
}
