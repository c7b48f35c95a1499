/** How a program refers to a flavor it found. */
import type { ComponentType } from '../../component/component-type.js'
import type { FlavorOrigin } from '../discovery/discover-packages.js'

/** Whether a flavor can be used by its plain name, and if not why. */
export type FlavorStatus = 'ok' | 'ambiguous' | 'shadowed' | 'undeclared' | 'invalid'

/** A line of `stack flavor list`, and the shape of its `--json`. */
export interface FlavorRow {
  /** A component type, or what a broken manifest says in its place. */
  readonly type: string
  readonly name: string
  readonly package: string | null
  readonly version: string | null
  readonly origin: FlavorOrigin
  readonly status: FlavorStatus
  readonly reason?: string
}

/** A flavor that was found and can be described, validated against and loaded. */
export interface FlavorHandle {
  readonly type: ComponentType
  readonly name: string
  /** Null for a source flavor. */
  readonly package: string | null
  readonly version: string | null
  readonly origin: FlavorOrigin
  readonly description: string
  readonly capabilities: Readonly<Record<string, unknown>>
  readonly contract: number
  readonly configVersion: number
  /** `file#export` of a source flavor. */
  readonly source: string | null
  /** Real directory of the package, or the project root. */
  readonly root: string
  /** The export subpath of the package's flavor. */
  readonly entry: string | null
}

/** Who a flavor is of, for a sentence: a package with its version, or a source. */
export function ownerOfHandle(handle: Pick<FlavorHandle, 'package' | 'version' | 'source'>): string {
  return handle.package === null ? `the source ${handle.source}` : `${handle.package} ${handle.version}`
}
