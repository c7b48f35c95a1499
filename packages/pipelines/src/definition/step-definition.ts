/** A step as a host handles it, and how one use of it differs from others. */
import type { SettingsByKey } from '@stack/core'
import type { Materializer } from '../materializers/materializer.js'
import type { StepContext } from './context.js'
import type { Handle } from './handle.js'
import type { Schema } from './schema.js'

/** How one use of a step differs from others. */
export interface StepCallOptions {
  /** The invocation's name; unless given, the step's name, then `name_2`, `name_3`. */
  readonly name?: string
  /** What must complete first although none of its outputs is an input. */
  readonly after?: Handle<unknown> | object | readonly (Handle<unknown> | object)[]
  readonly settings?: SettingsByKey
}

/** A step as a host handles it. */
export interface StepDefinition {
  readonly name: string
  readonly input: Schema | undefined
  /** Schemas by output name, undefined for an output that is taken as it comes. */
  readonly outputs: ReadonlyMap<string, Schema | undefined>
  /** Whether the result is the one output itself, not a record of outputs. */
  readonly single: boolean
  readonly materializers: { readonly [output: string]: Materializer }
  readonly settings: SettingsByKey
  /**
   * Runs the step as a plain function: the input validated, the work done, the result validated.
   * @throws StackError `invalid-input`, `invalid-output`, or what the function throws.
   */
  run(input: unknown, context: StepContext): Promise<unknown>
  /** Values by output name, of a result that {@link StepDefinition.run} gave. */
  splitResult(result: unknown, invocation?: string): Record<string, unknown>
}
