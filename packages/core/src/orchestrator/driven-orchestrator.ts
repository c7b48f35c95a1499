/** An orchestrator that drives the run itself: the loop over the pure reducer, in the process that submits. */
import { StackError } from '../errors/stack-error.js'
import { DrivenRun, type DriveOptions } from './driven-run.js'
import { Orchestrator, type OrchestratorHost, type RunRequest, type RunState, type Ticket } from './orchestrator.js'
import type { StepOutcome } from './outcome.js'
import type { StepRef } from './step-ref.js'

/** What an attempt is launched with. */
export interface LaunchOptions {
  /** Aborted when the run is cancelled: the step is to end by itself. */
  readonly signal: AbortSignal
}

/**
 * The base of flavors that run attempts but do not schedule: such a flavor implements `launchAttempt` and `cancelAttempt`.
 * A run lives as long as the process that submitted it; its commits outlive it.
 */
export abstract class DrivenOrchestrator<Config = unknown, Settings = unknown, Driver = unknown> extends Orchestrator<
  Config,
  Settings,
  Driver
> {
  readonly #runs = new Map<string, DrivenRun>()

  /** Runs one attempt and resolves with its end; rejecting fails the attempt. */
  protected abstract launchAttempt(ref: StepRef, host: OrchestratorHost, options: LaunchOptions): Promise<StepOutcome>

  /** Ends an attempt that did not end by itself within the grace; when this resolves the attempt counts as cancelled. */
  protected abstract cancelAttempt(ref: StepRef): Promise<void>

  /** How a run is driven. */
  protected abstract driveOptions(request: RunRequest): DriveOptions

  async submit(request: RunRequest, host: OrchestratorHost): Promise<Ticket> {
    if (!this.#runs.has(request.runId)) {
      const run = new DrivenRun(request.runId, host, this.driveOptions(request), {
        launch: (ref, attemptHost, signal) => this.launchAttempt(ref, attemptHost, { signal }),
        kill: (ref) => this.cancelAttempt(ref),
      })
      this.#runs.set(request.runId, run)
      run.start()
    }
    return { runId: request.runId, engine: this.name }
  }

  async status(ticket: Ticket): Promise<RunState> {
    return { status: this.#run(ticket).status }
  }

  async cancel(ticket: Ticket, options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#run(ticket).cancel(options.graceMs)
  }

  async wait(ticket: Ticket): Promise<RunState> {
    return { status: await this.#run(ticket).ended }
  }

  /** Nothing: the steps' logs are objects in the store. */
  async *logs(): AsyncIterable<string> {}

  /** The runs of this process; a driven run carries no labels, so only the empty set of labels finds them. */
  async *list(labels: Readonly<Record<string, string>>): AsyncIterable<Ticket> {
    if (Object.keys(labels).length > 0) return
    for (const runId of this.#runs.keys()) yield { runId, engine: this.name }
  }

  #run(ticket: Ticket): DrivenRun {
    const run = this.#runs.get(ticket.runId)
    if (run !== undefined) return run
    throw new StackError('not-found', `The orchestrator "${this.name}" does not drive the run ${ticket.runId}.`, {
      hint: 'A driven run ends with the process that submitted it: see `stack runs list`.',
    })
  }
}
