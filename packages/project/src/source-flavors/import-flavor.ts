/** Imports a flavor from source and derives from it what its record keeps. */
import {
  acceptedContracts,
  acceptsContract,
  type ComponentType,
  didYouMean,
  type Flavor,
  flavorContract,
  isFlavor,
  type JsonValue,
  type SourceLoader,
  StackError,
} from '@stack/core'
import { flavorSchemas, type SourceFlavorManifest } from '@stack/core/host'
import { type FileHashes, relativeHashes } from './file-hashes.js'
import type { SourcePath } from './source-path.js'

/** What a source flavor is expected to be; the name is known once it was registered. */
export interface ExpectedFlavor {
  readonly type: ComponentType
  readonly name?: string
}

/** What an import tells. */
export interface ImportedFlavor {
  readonly name: string
  /** `file#export`, the file relative to the project root. */
  readonly source: string
  /** A {@link SourceFlavorManifest} as JSON. */
  readonly manifest: JsonValue
  readonly files: FileHashes
}

/** Imports flavors of one project. */
export type SourceFlavorImporter = (path: SourcePath, expected: ExpectedFlavor) => Promise<ImportedFlavor>

/** An importer for the project at `root`; without a loader it says that source cannot be loaded. */
export function createImporter(root: string, loader: SourceLoader | undefined): SourceFlavorImporter {
  return async (path, expected) => {
    if (loader === undefined)
      throw new StackError('unsupported', `This program cannot load the source ${path.relativeFile}.`)
    const { module, files } = await loader.load(path.file)
    const [exportName, flavor] = chooseExport(module, path, expected)
    checkFlavor(flavor, path, expected)
    const source = `${path.relativeFile}#${exportName}`
    return {
      name: flavor.name,
      source,
      manifest: toJson(await deriveManifest(flavor)),
      files: relativeHashes(root, files),
    }
  }
}

/** What a flavor says of itself, as JSON. */
async function deriveManifest(flavor: Flavor): Promise<SourceFlavorManifest> {
  const schemas = await flavorSchemas(flavor)
  return {
    description: flavor.description,
    contract: flavorContract(flavor) ?? 0,
    configVersion: flavor.configVersion,
    capabilities: flavor.capabilities,
    configSchema: schemas.config,
    settingsSchema: schemas.settings,
  }
}

/** A manifest without what JSON does not keep. */
function toJson(manifest: SourceFlavorManifest): JsonValue {
  return JSON.parse(JSON.stringify(manifest)) as JsonValue
}

/** The named export, or where none was named the only flavor of the type. */
function chooseExport(
  module: Readonly<Record<string, unknown>>,
  path: SourcePath,
  expected: ExpectedFlavor,
): readonly [string, Flavor] {
  const { exportName, relativeFile } = path
  const flavors = Object.entries(module).filter((entry): entry is [string, Flavor] => isFlavor(entry[1]))
  if (exportName === undefined) {
    const [only, ...others] = flavors.filter(([, flavor]) => flavor.type === expected.type)
    if (only !== undefined && others.length === 0) return only
    throw new StackError(
      'not-found',
      only === undefined
        ? `${relativeFile} exports no flavor of the type ${expected.type}.`
        : `${relativeFile} exports ${others.length + 1} flavors of the type ${expected.type}.`,
      { hint: `Name the export: ${relativeFile}#${only?.[0] ?? 'MyFlavor'}` },
    )
  }
  if (!Object.hasOwn(module, exportName)) {
    const names = Object.keys(module)
    throw new StackError(
      'not-found',
      `${relativeFile} has no export "${exportName}".${didYouMean(exportName, names)}`,
      { hint: names.length === 0 ? 'It exports nothing.' : `It exports: ${names.join(', ')}.` },
    )
  }
  const found = flavors.find(([name]) => name === exportName)
  if (found !== undefined) return found
  throw new StackError('invalid-flavor', `The export "${exportName}" of ${relativeFile} is not a flavor.`, {
    hint: "Make it with defineFlavor({ type, name, config, load }) of '@stack/core'.",
  })
}

function checkFlavor(flavor: Flavor, path: SourcePath, expected: ExpectedFlavor): void {
  const contract = flavorContract(flavor) ?? 0
  if (!acceptsContract(contract))
    throw new StackError(
      'contract-mismatch',
      `The flavor in ${path.relativeFile} was built for contract ${contract}; this program accepts ${acceptedContracts.oldest} to ${acceptedContracts.newest}.`,
      { hint: 'Install the @stack/core in the project that belongs to this program.' },
    )
  if (flavor.type !== expected.type || (expected.name !== undefined && flavor.name !== expected.name))
    throw new StackError(
      'invalid-flavor',
      `${path.relativeFile} has the flavor ${flavor.type}/${flavor.name}, not ${expected.type}/${expected.name ?? '…'}.`,
      { hint: `Register it as what it is: stack ${flavor.type} flavor register ${path.relativeFile}` },
    )
}
