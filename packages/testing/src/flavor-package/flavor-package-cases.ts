/** The cases of the kit of flavor packages, by name; each rejects where the package breaks it. */
import assert from 'node:assert/strict'
import { type ComponentType, type Flavor, isComponentType } from '@stack/core'
import {
  describeFields,
  type FlavorHandle,
  FlavorRegistry,
  flavorSchemas,
  generateFlavorPackage,
  loadComponentClass,
} from '@stack/core/host'
import { compareVerdicts } from './compare-verdicts.js'
import { type DeclaredFlavor, readJson, readManifest } from './flavor-package-files.js'
import { importWithoutDependencies } from './import-without-dependencies.js'
import { checkPackedFiles } from './packed-files.js'
import { secretFaults } from './secret-faults.js'

/** One case. */
export interface FlavorPackageCase {
  readonly name: string
  run(): Promise<void>
}

/** Every case for the package in a directory. */
export function flavorPackageCases(root: string): readonly FlavorPackageCase[] {
  const { flavors } = readManifest(root)
  // As a program that carries the package: found without being installed anywhere.
  const registry = new FlavorRegistry({ projectRoot: root, builtins: [root] })
  return [
    { name: 'the manifest can be read and declares flavors', run: async () => checkManifest(registry, flavors) },
    { name: 'manifest and schemas are what the code says', run: () => checkGenerated(root) },
    { name: 'the tarball holds what package.json names, and no tests', run: () => checkPackedFiles(root) },
    ...flavors.flatMap((flavor) => flavorCases(root, registry, flavor)),
  ]
}

function flavorCases(root: string, registry: FlavorRegistry, declared: DeclaredFlavor): readonly FlavorPackageCase[] {
  const label = `${declared.type}/${declared.name}`
  const handle = (): FlavorHandle => registry.resolve(declared.type as ComponentType, declared.name)
  const load = (): Promise<Flavor> => registry.load(handle())
  const named = (name: string, run: () => Promise<void>): FlavorPackageCase => ({ name: `${label}: ${name}`, run })
  return [
    named('the entry is exported and gives the flavor', async () => void (await load())),
    named('the entry imports and validates without its dependencies, and loads little', () =>
      importWithoutDependencies(handle()),
    ),
    named('the implementation is a class of its type', async () => {
      await loadComponentClass(await load(), handle())
    }),
    named('zod and JSON Schema accept and refuse the same config', async () => {
      await compareVerdicts(registry.schemas(handle()).config, (await load()).config)
    }),
    named('zod and JSON Schema accept and refuse the same settings', async () => {
      await compareVerdicts(registry.schemas(handle()).settings, (await load()).settings)
    }),
    named('secrets keep their mark and have no default', async () => {
      const file = readJson(root, declared.configSchema) as Readonly<Record<string, unknown>>
      assert.deepEqual(secretFaults(file), [])
      const secrets = (schema: Readonly<Record<string, unknown>>): readonly string[] =>
        describeFields(schema).flatMap((field) => (field.secret ? [field.name] : []))
      assert.deepEqual(secrets(file), secrets((await flavorSchemas(await load())).config))
    }),
  ]
}

function checkManifest(registry: FlavorRegistry, flavors: readonly DeclaredFlavor[]): void {
  assert.notEqual(flavors.length, 0, 'The package.json declares no flavors under "stack".')
  for (const { type, name } of flavors) {
    assert.ok(isComponentType(type), `"${type}" is not a component type.`)
    registry.resolve(type, name)
  }
}

async function checkGenerated(root: string): Promise<void> {
  const { changed } = await generateFlavorPackage(root, { check: true })
  assert.deepEqual(changed, [], 'These files are not what the code says; write them with: stack flavor generate')
}
