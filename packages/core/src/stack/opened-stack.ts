/** A stack whose components are instances, ready for use. */
import type { ArtifactStore } from '../artifact-store/artifact-store.js'
import type { ComponentType } from '../component/component-type.js'
import type { StackComponent } from '../component/stack-component.js'
import type { Orchestrator } from '../orchestrator/orchestrator.js'

/** One component of an opened stack. */
export interface OpenedComponent {
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  readonly component: StackComponent
}

/** A stack of live components; disposing it disposes each. */
export interface OpenedStack extends AsyncDisposable {
  readonly name: string
  readonly artifactStore: ArtifactStore
  readonly orchestrator: Orchestrator
  /** All of them, in the order of the definition. */
  readonly components: readonly OpenedComponent[]
  /** Replaces every secret value the components were given by `[secret]`, in a text or at any depth of a JSON value. */
  redact<T>(value: T): T
}
