/** Decides which of several flavors with one type and name is meant. */
import { acceptedContracts, acceptsContract } from '../../flavor/contract.js'
import type { FlavorManifest, InvalidFlavor } from '../../flavor/manifest.js'
import { plainText } from '../../flavor/plain-text.js'
import type { SourceFlavorRecord } from '../../ports/record-store.js'
import type { DiscoveredPackage, FlavorOrigin } from '../discovery/discover-packages.js'
import type { FlavorHandle, FlavorRow, FlavorStatus } from './flavor-handle.js'
import { parseSourceFlavorManifest } from './source-flavor.js'

/** Where a flavor's schemas are: files of its package, or values of its record. */
export type FlavorSchemas =
  | { readonly kind: 'files'; readonly config: string; readonly settings: string | null }
  | { readonly kind: 'values'; readonly config: unknown; readonly settings: unknown }

/** A flavor with its place among those of its type and name. */
export interface RankedFlavor {
  readonly row: FlavorRow
  /** Absent where the manifest is too broken to refer to it. */
  readonly handle?: FlavorHandle
  readonly schemas?: FlavorSchemas
}

/** Strongest first; what has the same rank and the same name is ambiguous. */
const ranks: Readonly<Record<FlavorOrigin, number>> = {
  project: 0,
  source: 0,
  workspace: 1,
  extended: 2,
  builtin: 3,
  undeclared: 4,
  global: 5,
}

/** Every flavor of packages and records with its status, by type, then name, then rank. */
export function rankFlavors(
  packages: readonly DiscoveredPackage[],
  sources: readonly SourceFlavorRecord[],
  projectRoot: string,
): readonly RankedFlavor[] {
  const flavors = [
    ...sources.map((record) => fromRecord(record, projectRoot)),
    ...packages.flatMap((found) => [
      ...found.manifest.flavors.map((flavor) => fromPackage(found, flavor)),
      ...found.manifest.invalid.map((invalid) => fromInvalid(found, invalid)),
    ]),
  ]
  const groups = new Map<string, RankedFlavor[]>()
  for (const flavor of flavors) {
    const key = `${flavor.row.type}/${flavor.row.name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [flavor])
    else group.push(flavor)
  }
  return [...groups.values()].flatMap(withStatus).sort(compare)
}

function fromPackage(found: DiscoveredPackage, flavor: FlavorManifest): RankedFlavor {
  const { name: packageName, version, origin, root, manifest } = found
  const { type, name, description, capabilities, configVersion, entry } = flavor
  const accepted = acceptsContract(manifest.contract)
  return {
    row: {
      type,
      name,
      package: packageName,
      version,
      origin,
      status: accepted ? 'ok' : 'invalid',
      ...(accepted ? {} : { reason: contractReason(manifest.contract) }),
    },
    handle: {
      type,
      name,
      package: packageName,
      version,
      origin,
      description,
      capabilities,
      contract: manifest.contract,
      configVersion,
      source: null,
      root,
      entry,
    },
    schemas: { kind: 'files', config: flavor.configSchema, settings: flavor.settingsSchema },
  }
}

function fromRecord(record: SourceFlavorRecord, projectRoot: string): RankedFlavor {
  const { type, name, source } = record
  const manifest = parseSourceFlavorManifest(record.manifest)
  if (manifest === undefined) {
    const reason = `its record is damaged: import it again by a command that uses it, as stack ${type} flavor describe ${name}`
    return { row: { type, name, package: null, version: null, origin: 'source', status: 'invalid', reason } }
  }
  const { contract, configVersion, capabilities } = manifest
  return {
    row: {
      type,
      name,
      package: null,
      version: null,
      origin: 'source',
      status: manifest.invalid === undefined ? 'ok' : 'invalid',
      ...(manifest.invalid === undefined ? {} : { reason: plainText(manifest.invalid, 1000) }),
    },
    handle: {
      type,
      name,
      package: null,
      version: null,
      origin: 'source',
      description: plainText(manifest.description, 1000),
      capabilities,
      contract,
      configVersion,
      source,
      root: projectRoot,
      entry: null,
    },
    schemas: { kind: 'values', config: manifest.configSchema, settings: manifest.settingsSchema },
  }
}

function fromInvalid(found: DiscoveredPackage, { type, name, reason }: InvalidFlavor): RankedFlavor {
  return {
    row: { type, name, package: found.name, version: found.version, origin: found.origin, status: 'invalid', reason },
  }
}

/** Sets the status of flavors that share a type and a name; what is invalid takes no part. */
function withStatus(group: readonly RankedFlavor[]): readonly RankedFlavor[] {
  const usable = group.filter(({ row }) => row.status !== 'invalid').sort((a, b) => rankOf(a) - rankOf(b))
  const best = usable[0]
  const packagesSeen = new Set<string | null>()
  const status = (flavor: RankedFlavor): { status: FlavorStatus; reason?: string } => {
    const { package: name, origin } = flavor.row
    // A second copy of one package at the same rank adds no doubt: the first one found is nearer.
    const isCopy = packagesSeen.has(name)
    packagesSeen.add(name)
    if (origin === 'undeclared' || origin === 'global') {
      return { status: 'undeclared', reason: `installed, but no package.json of the project declares ${name}` }
    }
    if (best !== undefined && (rankOf(flavor) > rankOf(best) || isCopy)) {
      return { status: 'shadowed', reason: `${ownerOf(best)} has it too and comes first` }
    }
    const rivals = usable.filter((other) => rankOf(other) === rankOf(flavor) && other.row.package !== name)
    if (rivals.length === 0) return { status: 'ok' }
    return { status: 'ambiguous', reason: `also in ${[...new Set(rivals.map(ownerOf))].join(', ')}` }
  }
  return [
    ...usable.map((flavor) => ({ ...flavor, row: { ...flavor.row, ...status(flavor) } })),
    ...group.filter(({ row }) => row.status === 'invalid'),
  ]
}

/** Who a flavor belongs to, for a sentence. */
export function ownerOf({ row, handle }: RankedFlavor): string {
  return row.package ?? `the source ${handle?.source ?? ''}`
}

/** Why a contract number cannot be used here. */
export function contractReason(number: number): string {
  const { oldest, newest } = acceptedContracts
  const range = oldest === newest ? `contract ${newest}` : `contracts ${oldest} to ${newest}`
  return `it is built for contract ${number} of @stack/core, this program uses ${range}`
}

function rankOf({ row }: RankedFlavor): number {
  return ranks[row.origin]
}

function compare(a: RankedFlavor, b: RankedFlavor): number {
  return (
    order(a.row.type, b.row.type) ||
    order(a.row.name, b.row.name) ||
    rankOf(a) - rankOf(b) ||
    order(a.row.package ?? '', b.row.package ?? '')
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
