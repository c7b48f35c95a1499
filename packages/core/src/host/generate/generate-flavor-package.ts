/** Writes a flavor package's manifest and schemas from its code, or tells where they differ from it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { exports as resolveExports } from 'resolve.exports'
import { StackError } from '../../errors/stack-error.js'
import { flavorContract, isFlavor } from '../../flavor/flavor-brand.js'
import type { Flavor } from '../../flavor/flavor-types.js'
import { isFlavorName, manifestVersion, parseManifest } from '../../flavor/manifest.js'
import { flavorSchemas } from './flavor-schemas.js'

/** Whether anything is written. */
export interface GenerateOptions {
  /** Write nothing, only tell what would change. */
  readonly check?: boolean
}

/** The files of a flavor package that come from its code, relative to it. */
export interface GeneratedFlavorPackage {
  readonly files: readonly string[]
  /** Those whose content was not what the code says; written unless `check` was given. */
  readonly changed: readonly string[]
}

interface FoundFlavor {
  readonly entry: string
  readonly flavor: Flavor
}

/**
 * Imports every export of a built flavor package, and writes `schemas/*.json` and the `stack` key of its package.json.
 * @throws StackError `invalid-flavor`, `flavor-unloadable`, `not-found`.
 */
export async function generateFlavorPackage(
  directory: string,
  options: GenerateOptions = {},
): Promise<GeneratedFlavorPackage> {
  const root = resolve(directory)
  const packageFile = join(root, 'package.json')
  const packageText = readText(packageFile)
  if (packageText === undefined) {
    throw new StackError('not-found', `There is no package.json in ${root}.`, {
      hint: 'Run this in the directory of a flavor package.',
    })
  }
  const json = JSON.parse(packageText) as Record<string, unknown>
  const found = await findFlavors(root, json)
  const expected = new Map<string, string>()
  const flavors: object[] = []
  for (const one of found) flavors.push(await describe(one, found, expected))
  const before = json.stack as { extends?: unknown } | undefined
  const manifest = {
    manifestVersion,
    contract: Math.max(...found.map(({ flavor }) => flavorContract(flavor) ?? 0)),
    flavors,
    ...(before?.extends === undefined ? {} : { extends: before.extends }),
  }
  const faults = parseManifest(manifest)?.invalid ?? []
  if (faults.length > 0) {
    throw new StackError('invalid-flavor', 'The manifest of this package would not be one.', {
      problems: faults.map(({ type, name, reason }) => ({ path: `${type}/${name}`, message: reason })),
      hint: 'Mend what defineFlavor is given.',
    })
  }
  const indent = /^\{\r?\n([ \t]+)/.exec(packageText)?.[1] ?? 2
  const same = JSON.stringify(before) === JSON.stringify(manifest)
  expected.set('package.json', same ? packageText : `${JSON.stringify({ ...json, stack: manifest }, null, indent)}\n`)
  const changed = [...expected].filter(([file, text]) => readText(join(root, file)) !== text)
  if (options.check !== true) for (const [file, text] of changed) write(join(root, file), text)
  return { files: [...expected.keys()], changed: changed.map(([file]) => file) }
}

async function describe(
  { entry, flavor }: FoundFlavor,
  found: readonly FoundFlavor[],
  files: Map<string, string>,
): Promise<object> {
  const { type, name, description, configVersion, capabilities } = flavor
  const schemas = await flavorSchemas(flavor)
  const base = found.filter((other) => other.flavor.type === type).length > 1 ? `${type}-${name}` : type
  const hasSettings = Object.keys((schemas.settings.properties as object | undefined) ?? {}).length > 0
  files.set(`schemas/${base}.json`, `${JSON.stringify(schemas.config, null, 2)}\n`)
  if (hasSettings) files.set(`schemas/${base}-settings.json`, `${JSON.stringify(schemas.settings, null, 2)}\n`)
  return {
    type,
    name,
    ...(description === '' ? {} : { description }),
    entry,
    configSchema: `./schemas/${base}.json`,
    ...(hasSettings ? { settingsSchema: `./schemas/${base}-settings.json` } : {}),
    configVersion,
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
  }
}

/** Every flavor that a module of the package exports, in the order of `exports`. */
async function findFlavors(root: string, json: Record<string, unknown>): Promise<readonly FoundFlavor[]> {
  const found: FoundFlavor[] = []
  for (const entry of exportSubpaths(json)) {
    const target = resolveExports(json as { name: string }, entry)?.[0]
    if (target === undefined || !/\.[cm]?js$/.test(target)) continue
    const exported = await importModule(root, target)
    for (const flavor of new Set(exported)) {
      if (isFlavor(flavor) && !found.some((other) => other.flavor === flavor)) found.push({ entry, flavor })
    }
  }
  const nameless = found.find(({ flavor }) => !isFlavorName(flavor.name))
  if (nameless !== undefined) {
    throw new StackError(
      'invalid-name',
      `"${String(nameless.flavor.name).slice(0, 80)}" cannot be the name of a flavor.`,
      {
        hint: 'Names are lower-case kebab-case or snake_case, at most 64 characters.',
      },
    )
  }
  if (found.length > 0) return found
  throw new StackError('invalid-flavor', `No export of ${String(json.name)} is a flavor.`, {
    hint: 'Export what defineFlavor gives from an entry of "exports", and build the package first.',
  })
}

async function importModule(root: string, target: string): Promise<readonly unknown[]> {
  try {
    return Object.values(await import(pathToFileURL(join(root, target)).href))
  } catch (cause) {
    throw new StackError(
      'flavor-unloadable',
      `${target} cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: 'Build the package first, and import an SDK only in the file that load() imports.',
      },
    )
  }
}

/** The subpaths of a package's `exports`; those with a pattern name no module of their own. */
function exportSubpaths({ exports }: Record<string, unknown>): readonly string[] {
  if (typeof exports !== 'object' || exports === null) return exports === undefined ? [] : ['.']
  const keys = Object.keys(exports)
  return keys.some((key) => key.startsWith('.'))
    ? keys.filter((key) => key.startsWith('.') && !key.includes('*'))
    : ['.']
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
