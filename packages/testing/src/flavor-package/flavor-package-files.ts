/** Reads what a flavor package declares, for the kit. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One flavor of a manifest, as far as it could be read. */
export interface DeclaredFlavor {
  readonly type: string
  readonly name: string
  readonly entry: string
  readonly configSchema: string
  readonly settingsSchema?: string
}

/** A package and its flavors. */
export interface DeclaredPackage {
  readonly name: string
  readonly flavors: readonly DeclaredFlavor[]
}

/** The directory of the package a file is in. */
export function findPackageRoot(fileUrl: string): string {
  let directory = dirname(fileURLToPath(fileUrl))
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error(`${fileUrl} is in no package.`)
    directory = parent
  }
  return directory
}

/** The flavors a package.json declares; none where it declares nothing that can be read. */
export function readManifest(root: string): DeclaredPackage {
  const json = readJson(root, 'package.json') as { name?: string; stack?: { flavors?: readonly DeclaredFlavor[] } }
  return { name: json.name ?? root, flavors: json.stack?.flavors ?? [] }
}

/** A JSON file of a package. */
export function readJson(root: string, path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}
