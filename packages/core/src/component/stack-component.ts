/** The class every flavor's implementation extends, through its type's base class. */
import type { Problem } from '../errors/problem.js'
import { markBaseType } from './base-type.js'
import type { ComponentContext } from './component-context.js'
import type { RunInfo, StackView, StepRunInfo } from './hooks.js'
import type { Log } from './log.js'
import type { Metadata } from './metadata.js'

const brand = Symbol.for('@stack/core/stack-component')

/**
 * A configured component of a stack.
 *
 * Constructing one is cheap and touches nothing outside the process: the client is made by `connect`, once, at its first use.
 */
export abstract class StackComponent<Config = unknown, Settings = unknown, Driver = unknown> {
  static {
    markBaseType(StackComponent, 'any')
  }

  readonly id: string
  readonly name: string
  readonly config: Config
  readonly settings: Settings
  protected readonly projectRoot: string
  protected readonly log: Log
  #driver: Promise<Driver> | undefined

  constructor(context: ComponentContext<Config, Settings>) {
    this.id = context.id
    this.name = context.name
    this.config = context.config
    this.settings = context.settings
    this.projectRoot = context.projectRoot
    this.log = context.log
    Object.defineProperty(this, brand, { value: true })
  }

  /** Makes the client behind this component: the only place where an SDK client is made. Called once. */
  protected connect?(): Driver | Promise<Driver>

  /** The client, connected at first use; a failed connect is tried again at the next use. */
  protected driver(): Promise<Driver> {
    this.#driver ??= this.#connect()
    return this.#driver
  }

  async #connect(): Promise<Driver> {
    try {
      if (this.connect === undefined) throw new TypeError(`${this.constructor.name} has no connect() method.`)
      return await this.connect()
    } catch (error) {
      this.#driver = undefined
      throw error
    }
  }

  /** Called before a step runs, in the process where it runs; failing fails the step. */
  prepareStepRun?(step: StepRunInfo): void | Promise<void>

  /** Called after a step ran, whether it failed or not; failing is logged and never fails the run. */
  cleanupStepRun?(step: StepRunInfo, outcome: { readonly failed: boolean }): void | Promise<void>

  /** Facts to track with a run; failing is logged and never fails the run. */
  pipelineRunMetadata?(run: RunInfo): Metadata | Promise<Metadata>

  /** Facts to track with a step run; failing is logged and never fails the run. */
  stepRunMetadata?(step: StepRunInfo): Metadata | Promise<Metadata>

  /** Every reason why this component cannot serve in that stack; none when it can. */
  validateStack?(stack: StackView): readonly Problem[] | Promise<readonly Problem[]>

  /** Proves that what is behind the component can be reached and used; throws a StackError when not. */
  probe?(options: { readonly signal: AbortSignal }): Promise<void>

  /** Releases what the component holds; the base class releases a connected driver that has `dispose`. */
  async dispose(): Promise<void> {
    const driver = (await this.#driver?.catch(() => undefined)) as { dispose?: () => unknown } | undefined
    await driver?.dispose?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }
}

/** Recognises a component of any copy of core. */
export function isStackComponent(value: unknown): value is StackComponent {
  return typeof value === 'object' && value !== null && brand in value
}
