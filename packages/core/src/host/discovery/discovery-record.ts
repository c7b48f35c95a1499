/** What discovery found, as the text of its cache: a checksum, then JSON whose every part is checked when it is read. */
import { isPackageName, restoreManifest } from '../../flavor/manifest.js'
import { type PathState, parsePathState } from './consulted-paths.js'
import { type DiscoveredPackage, type FlavorOrigin, flavorOrigins } from './discover-packages.js'

/** Raised when the record or what discovery makes of a path changes. */
const format = 2

/** What discovery found, and by which paths. */
export interface DiscoveryRecord {
  /** For what it was found. */
  readonly key: string
  readonly paths: readonly (readonly [path: string, state: PathState])[]
  readonly packages: readonly DiscoveredPackage[]
}

/** The text of a record. */
export function formatDiscovery(record: DiscoveryRecord): string {
  const json = JSON.stringify({ format, ...record })
  return `${checksum(json)}\n${json}\n`
}

/** The record of a text; undefined where it is damaged or of another version. */
export function parseDiscovery(text: string): DiscoveryRecord | undefined {
  const [sum, json = ''] = text.split('\n', 2)
  if (sum !== checksum(json)) return undefined
  const value = parseObject(json)
  if (value?.format !== format || typeof value.key !== 'string') return undefined
  const paths = parseAll(value.paths, parsePathState)
  const packages = parseAll(value.packages, parsePackage)
  return paths === undefined || packages === undefined ? undefined : { key: value.key, paths, packages }
}

/** FNV-1a in 32 bits: shows damage, and does without loading `node:crypto`, which takes longer than to read the cache. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

function parsePackage(value: unknown): DiscoveredPackage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { root, name, version, origin, manifest } = value as Record<string, unknown>
  const restored = restoreManifest(manifest)
  if (typeof root !== 'string' || !isPackageName(name) || typeof version !== 'string') return undefined
  if (restored === undefined || !flavorOrigins.includes(origin as FlavorOrigin)) return undefined
  return { root, name, version, manifest: restored, origin: origin as FlavorOrigin }
}

/** Every element, or undefined where one is none. */
function parseAll<T>(value: unknown, parse: (element: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined
  const parsed = value.map(parse)
  return parsed.every((element) => element !== undefined) ? (parsed as readonly T[]) : undefined
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
