/** A stack as data: what a run, another process or another machine needs to open it. */
import type { ComponentType } from '../component/component-type.js'
import type { ConfigValues } from '../ports/record-store.js'

/** One component of a {@link StackDefinition}: JSON, with secret references, never with secrets. */
export interface ComponentDefinition {
  readonly id: string
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  /** The package of the flavor, null for a source flavor. */
  readonly package: string | null
  readonly version: string | null
  /** `file#export` relative to the project root, for a source flavor. */
  readonly source: string | null
  readonly config: ConfigValues
  readonly settings: ConfigValues
}

/** A named set of components, the default of each type first. */
export interface StackDefinition {
  readonly name: string
  readonly components: readonly ComponentDefinition[]
}
