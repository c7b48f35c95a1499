/** The run plan: the static graph of a pipeline's step invocations, as JSON, kept at `runs/<run>/plan.json`. */
import type { JsonValue } from '../component/metadata.js'

/** A step's or a run's settings, keyed by `type`, `type.flavor` or `type:component`. */
export type SettingsByKey = { readonly [key: string]: { readonly [field: string]: JsonValue } }

/**
 * What an input is bound to: a value written as JSON in which `{ "$handle": { invocation, output } }` stands for the output of
 * an invocation and `{ "$rich": text }` for a value plain JSON cannot say.
 */
export type InputBinding = JsonValue

/** One use of a step in a run. */
export interface PlannedInvocation {
  /** Unique in the plan: the step's name, or `name_2`, `name_3` for further uses. */
  readonly name: string
  readonly step: string
  readonly inputs: { readonly [input: string]: InputBinding }
  /** The invocations that must complete first: those whose outputs are inputs, and those given as `after`. */
  readonly after: readonly string[]
  /** Output names; a single output is called `output`. */
  readonly outputs: readonly string[]
  readonly settings: SettingsByKey
}

/** The static graph of one run. */
export interface RunPlan {
  readonly protocol: 1
  readonly pipeline: string
  readonly params: { readonly [name: string]: JsonValue }
  readonly settings: SettingsByKey
  /** In the order in which the pipeline called them, which is a topological order. */
  readonly invocations: readonly PlannedInvocation[]
}
