/** The manifest of a flavor package: the `stack` key of its package.json, read without running any code of it. */
import { type ComponentType, isComponentType } from '../component/component-type.js'
import { formatProblemPath } from '../errors/problem.js'
import { jsonFault } from './json-fault.js'
import { plainText } from './plain-text.js'

/** The manifest version this program reads. */
export const manifestVersion = 1

/** One flavor of a package, as its manifest declares it. */
export interface FlavorManifest {
  readonly type: ComponentType
  readonly name: string
  readonly description: string
  /** An export subpath of the package. */
  readonly entry: string
  /** Path of a JSON Schema 2020-12, relative to the package. */
  readonly configSchema: string
  readonly settingsSchema: string | null
  readonly configVersion: number
  readonly capabilities: Readonly<Record<string, unknown>>
}

/** A flavor that cannot be read, and why. */
export interface InvalidFlavor {
  readonly type: string
  readonly name: string
  readonly reason: string
}

/** What a `stack` key declares: flavors, and what is wrong with those that are none. */
export interface PackageManifest {
  readonly contract: number
  readonly flavors: readonly FlavorManifest[]
  readonly invalid: readonly InvalidFlavor[]
  readonly extends: readonly string[]
}

/** Each is looked for in every `node_modules` upward. */
const extendsLimit = 100
const capabilityDepth = 10

const flavorName = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/
const packagePath = /^\.\/[^\0\\]+$/
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i

/** Says whether a text is a flavor's name: lower-case kebab-case or snake_case, at most 64 characters. */
export function isFlavorName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && flavorName.test(value)
}

/** Says whether a text can be a package's name, and so be looked up as a path. */
export function isPackageName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 214 && packageName.test(value)
}

/**
 * Reads the `stack` key of a package. Undefined where it is somebody else's key: no object with a numeric `manifestVersion`.
 * What is malformed is reported as an invalid flavor and hides no other.
 */
export function parseManifest(value: unknown): PackageManifest | undefined {
  if (!isObject(value) || typeof value.manifestVersion !== 'number') return undefined
  if (value.manifestVersion !== manifestVersion) {
    return unreadable(
      `the manifest has version ${value.manifestVersion}, this program reads version ${manifestVersion}`,
      value.flavors,
    )
  }
  if (!isCount(value.contract)) return unreadable('"contract" must be a positive integer', value.flavors)
  if (!Array.isArray(value.flavors)) return unreadable('"flavors" must be an array', [])
  const extended = value.extends === undefined ? [] : value.extends
  if (!Array.isArray(extended) || !extended.every(isPackageName)) {
    return unreadable('"extends" must be an array of package names', value.flavors)
  }
  if (extended.length > extendsLimit)
    return unreadable(`"extends" names more than ${extendsLimit} packages`, value.flavors)
  const flavors: FlavorManifest[] = []
  const invalid: InvalidFlavor[] = []
  const seen = new Set<string>()
  for (const entry of value.flavors as readonly unknown[]) {
    const reason = flavorFault(entry) ?? repeatedFault(entry, seen)
    if (reason === undefined) flavors.push(toFlavor(entry as Record<string, unknown>))
    else invalid.push({ ...labelOf(entry), reason })
  }
  return { contract: value.contract, flavors, invalid, extends: extended }
}

/** Reads what {@link parseManifest} returned and a cache kept; undefined where it is no such value. */
export function restoreManifest(value: unknown): PackageManifest | undefined {
  if (!isObject(value)) return undefined
  const { contract, flavors, invalid, extends: extended } = value
  if (contract !== 0 && !isCount(contract)) return undefined
  if (!Array.isArray(flavors) || !flavors.every(isKeptFlavor)) return undefined
  if (!Array.isArray(invalid) || !invalid.every(isInvalidFlavor)) return undefined
  if (!Array.isArray(extended) || !extended.every(isPackageName)) return undefined
  return { contract, flavors, invalid, extends: extended }
}

function isKeptFlavor(value: unknown): value is FlavorManifest {
  if (!isObject(value) || typeof value.description !== 'string') return false
  const { settingsSchema, configVersion, capabilities } = value
  if (!isCount(configVersion) || !isObject(capabilities)) return false
  return settingsSchema === null
    ? flavorFault({ ...value, settingsSchema: undefined }) === undefined
    : settingsSchema !== undefined && flavorFault(value) === undefined
}

function isInvalidFlavor(value: unknown): value is InvalidFlavor {
  return isObject(value) && [value.type, value.name, value.reason].every((each) => typeof each === 'string')
}

function unreadable(reason: string, flavors: unknown): PackageManifest {
  const entries: readonly unknown[] = Array.isArray(flavors) && flavors.length > 0 ? flavors.slice(0, 100) : [undefined]
  return { contract: 0, flavors: [], invalid: entries.map((entry) => ({ ...labelOf(entry), reason })), extends: [] }
}

/** What keeps a flavor's entry from being read, or undefined. */
function flavorFault(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'each of "flavors" must be an object'
  if (!isComponentType(entry.type)) return '"type" must be a component type'
  if (!isFlavorName(entry.name)) return '"name" must be lower-case kebab-case or snake_case, at most 64 characters'
  if (entry.description !== undefined && typeof entry.description !== 'string') return '"description" must be a string'
  if (!isPackagePath(entry.entry) && entry.entry !== '.')
    return '"entry" must be an export subpath like "./artifact-store"'
  if (!isPackagePath(entry.configSchema))
    return '"configSchema" must be a path inside the package that begins with "./"'
  if (entry.settingsSchema !== undefined && !isPackagePath(entry.settingsSchema)) {
    return '"settingsSchema" must be a path inside the package that begins with "./"'
  }
  if (entry.configVersion !== undefined && !isCount(entry.configVersion))
    return '"configVersion" must be a positive integer'
  return entry.capabilities === undefined ? undefined : capabilitiesFault(entry.capabilities)
}

function capabilitiesFault(capabilities: unknown): string | undefined {
  if (!isObject(capabilities)) return '"capabilities" must be an object'
  const fault = jsonFault(capabilities, capabilityDepth)
  return fault && `"capabilities": ${formatProblemPath(fault.path).slice(0, 200)} ${fault.message}`
}

function repeatedFault(entry: unknown, seen: Set<string>): string | undefined {
  const { type, name } = entry as { type: string; name: string }
  const key = `${type}/${name}`
  if (seen.has(key)) return 'the manifest declares this flavor twice'
  seen.add(key)
  return undefined
}

function toFlavor(entry: Record<string, unknown>): FlavorManifest {
  return {
    type: entry.type as ComponentType,
    name: entry.name as string,
    description: plainText(entry.description ?? '', 1000),
    entry: entry.entry as string,
    configSchema: entry.configSchema as string,
    settingsSchema: (entry.settingsSchema as string | undefined) ?? null,
    configVersion: (entry.configVersion as number | undefined) ?? 1,
    capabilities: (entry.capabilities as Record<string, unknown> | undefined) ?? {},
  }
}

/** How an entry that cannot be read is shown. */
function labelOf(entry: unknown): { type: string; name: string } {
  const { type, name } = isObject(entry) ? entry : { type: undefined, name: undefined }
  return {
    type: typeof type === 'string' ? plainText(type, 64) : 'unknown',
    name: typeof name === 'string' ? plainText(name, 64) : 'unknown',
  }
}

function isPackagePath(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= 1000 && packagePath.test(value) && !value.split('/').includes('..')
  )
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
