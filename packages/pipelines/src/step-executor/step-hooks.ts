/** The hooks of a stack's components around one step, in the process where the step runs. */
import type { Log, Metadata, OpenedStack, StepRunInfo } from '@stack/core'
import { checkMetadata } from '../run/metadata.js'

/** Calls the components' hooks for one attempt, in the stack's order. */
export class StepHooks {
  readonly #stack: OpenedStack
  readonly #log: Log
  readonly #step: StepRunInfo

  constructor(stack: OpenedStack, log: Log, step: StepRunInfo) {
    this.#stack = stack
    this.#log = log
    this.#step = step
  }

  /** Calls `prepareStepRun` of each; the first failure is thrown and fails the step. */
  async prepare(): Promise<void> {
    for (const { component } of this.#stack.components) {
      if (component.prepareStepRun !== undefined) await component.prepareStepRun(this.#step)
    }
  }

  /** The facts of `stepRunMetadata`, under `<type>:<name>`; a failure is logged. */
  async metadata(): Promise<Metadata> {
    const facts: Record<string, Metadata> = {}
    for (const { type, name, component } of this.#stack.components) {
      if (component.stepRunMetadata === undefined) continue
      try {
        facts[`${type}:${name}`] = checkMetadata(await component.stepRunMetadata(this.#step), `${type} "${name}"`)
      } catch (error) {
        this.#warn('stepRunMetadata', `${type} "${name}"`, error)
      }
    }
    return facts
  }

  /** Calls `cleanupStepRun` of each, also after a failure; a failure is logged. */
  async cleanup(outcome: { readonly failed: boolean }): Promise<void> {
    for (const { type, name, component } of this.#stack.components) {
      if (component.cleanupStepRun === undefined) continue
      try {
        await component.cleanupStepRun(this.#step, outcome)
      } catch (error) {
        this.#warn('cleanupStepRun', `${type} "${name}"`, error)
      }
    }
  }

  #warn(hook: string, owner: string, error: unknown): void {
    this.#log.warn(`${hook} of ${owner} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
