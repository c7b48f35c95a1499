/** What a component's hooks are told about the run and the step they serve. */
import type { ArtifactStore } from '../artifact-store/artifact-store.js'
import type { ComponentType } from './component-type.js'

/** The run a hook is called for. */
export interface RunInfo {
  readonly run: string
  readonly pipeline: string
  readonly stack: string
}

/** The step a hook is called for. */
export interface StepRunInfo extends RunInfo {
  readonly invocation: string
  readonly step: string
  readonly attempt: number
  readonly artifactStore: ArtifactStore
  readonly signal: AbortSignal
}

/** A stack as a component's `validateStack` sees it: names and capabilities, no instances. */
export interface StackView {
  readonly name: string
  readonly components: readonly StackViewComponent[]
}

/** One component of a {@link StackView}. */
export interface StackViewComponent {
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  readonly capabilities: Readonly<Record<string, unknown>>
}
