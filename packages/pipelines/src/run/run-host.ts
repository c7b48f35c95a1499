/** What a run offers its orchestrator: steps executed here or elsewhere, the plan, and an ear for progress. */
import {
  type Commit,
  type LogEvent,
  type OpenedStack,
  type OrchestratorHost,
  type ProcessEnd,
  type RunEvent,
  type RunPlan,
  StackError,
  type StepCommand,
  type StepCommandOptions,
  type StepOutcome,
  type StepRef,
} from '@stack/core'
import type { TracedPipeline } from '../plan/plan-pipeline.js'
import { executeStep } from '../step-executor/execute-step.js'
import { type StepProcessOptions, stepCommand } from '../step-executor/step-request.js'
import { LogParts } from './log-parts.js'
import { LogRoom } from './log-room.js'
import { storedCommit, storedOutcome } from './stored-outcome.js'

/** What a run's host is made of. */
export interface RunHostOptions {
  readonly stack: OpenedStack
  readonly traced: TracedPipeline
  readonly projectRoot: string
  /** Absent where the pipeline was made in this process and cannot be found from another. */
  readonly process: StepProcessOptions | undefined
  /** Takes notice of progress before the orchestrator goes on. */
  readonly report: (event: RunEvent) => Promise<void>
}

/** The host of one run in the process that submitted it. */
export class RunHost implements OrchestratorHost {
  readonly #options: RunHostOptions
  readonly #invocations: ReadonlyMap<string, RunPlan['invocations'][number]>
  /** The invocations whose commit a later one reads. */
  readonly #read: ReadonlySet<string>
  readonly #commits = new Map<string, Commit>()
  /** The logs that are kept by this process, by their attempts' tokens. */
  readonly #logs = new Map<string, LogParts>()
  readonly #room = new LogRoom()
  /** Why a line could not be shown, which ends the run. */
  #failure: { readonly error: unknown } | undefined

  constructor(options: RunHostOptions) {
    this.#options = options
    const { invocations } = options.traced.plan
    this.#invocations = new Map(invocations.map((invocation) => [invocation.name, invocation]))
    this.#read = new Set(invocations.flatMap(({ after }) => after))
  }

  async executeStep(ref: StepRef, options: { readonly signal: AbortSignal }): Promise<StepOutcome> {
    const { stack, traced, projectRoot } = this.#options
    const invocation = this.#invocations.get(ref.invocation)
    if (invocation === undefined) {
      throw new StackError('not-found', `The plan of the run ${ref.run} has no invocation "${ref.invocation}".`)
    }
    const lines = this.#openLog(ref)
    const outcome = await executeStep(ref, {
      stack,
      pipeline: traced.plan.pipeline,
      invocation,
      steps: traced.steps,
      projectRoot,
      signal: options.signal,
      commitOf: async (source) =>
        this.#commits.get(source) ?? storedCommit(stack.artifactStore, ref.run, source, options),
      lines,
    })
    this.#logs.delete(ref.token)
    return outcome
  }

  command(ref: StepRef, options: StepCommandOptions = {}): StepCommand {
    const { process } = this.#options
    if (process !== undefined) {
      if (options.logDescriptor !== undefined) this.#openLog(ref)
      return stepCommand(ref, process, options)
    }
    throw new StackError(
      'unsupported',
      `The step "${ref.invocation}" cannot run in a process of its own: the pipeline was made in this process, so another cannot find it.`,
      {
        hint: 'Start it with `stack run FILE#EXPORT`, give `code` to runPipeline, or set the orchestrator’s isolation to "none".',
      },
    )
  }

  async outcome(ref: StepRef, end?: ProcessEnd): Promise<StepOutcome> {
    await this.#logs.get(ref.token)?.close()
    this.#logs.delete(ref.token)
    return storedOutcome(this.#options.stack.artifactStore, ref, end)
  }

  async plan(): Promise<RunPlan> {
    return this.#options.traced.plan
  }

  async report(event: RunEvent): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error
    if (event.kind === 'log') return this.#log(event)
    if (
      event.kind === 'attempt-ended' &&
      event.outcome.status === 'completed' &&
      this.#read.has(event.ref.invocation)
    ) {
      this.#commits.set(event.ref.invocation, event.outcome.commit)
    }
    await this.#options.report(event)
  }

  /** Ends the logs of attempts that were abandoned: what they write later is ignored. */
  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.close()))
    this.#logs.clear()
  }

  /** A line of an attempt that runs elsewhere: kept where its process leaves that to this one. */
  async #log(event: LogEvent): Promise<void> {
    const { kind: _, ref, ...line } = event
    const log = this.#logs.get(ref.token)
    await (log === undefined ? this.#show(event) : log.put(line))
  }

  #openLog(ref: StepRef): LogParts {
    const { stack } = this.#options
    const log = new LogParts({
      ref,
      store: stack.artifactStore,
      redact: (value) => stack.redact(value),
      show: (line) => this.#show({ kind: 'log', ref, ...line }),
      room: this.#room,
    })
    this.#logs.set(ref.token, log)
    return log
  }

  async #show(event: LogEvent): Promise<void> {
    try {
      await this.#options.report(event)
    } catch (error) {
      this.#failure ??= { error }
      throw error
    }
  }
}
