/** The base class of orchestrators: how a run is handed to an engine and followed there. */
import { markBaseType } from '../component/base-type.js'
import { StackComponent } from '../component/stack-component.js'
import type { LogEvent } from './log-event.js'
import type { ProcessEnd, StepOutcome } from './outcome.js'
import type { RunPlan } from './run-plan.js'
import type { StepCommand, StepCommandOptions, StepRef } from './step-ref.js'

/** Where the pipeline's code is; bundles and images join later. */
export type CodeLocation = {
  readonly kind: 'path'
  readonly root: string
  readonly file: string
  readonly export: string
}

/** A request to run a plan; JSON, idempotent by `runId`. */
export interface RunRequest {
  readonly runId: string
  /** The plan's place, relative to the artifact store. */
  readonly planUri: string
  /** Undefined where the pipeline was made in this process and cannot be found by path. */
  readonly code?: CodeLocation
  readonly stack: string
  readonly labels: Readonly<Record<string, string>>
}

/** An engine's receipt for a run; JSON. */
export interface Ticket {
  readonly runId: string
  readonly engine: string
  readonly [field: string]: unknown
}

/** The end of a run, or its present state. */
export type RunStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted'

/** The state of a step in a run. */
export type StepStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'cancelled'

/** What an orchestrator reports while it drives a run in the submitting process. */
export type RunEvent =
  | { readonly kind: 'attempt-started'; readonly ref: StepRef; readonly at: string }
  | { readonly kind: 'attempt-ended'; readonly ref: StepRef; readonly at: string; readonly outcome: StepOutcome }
  /** `because` names the invocation that gave nothing, or says that the run was cancelled. */
  | { readonly kind: 'invocation-skipped'; readonly invocation: string; readonly because: string }
  | LogEvent
  | { readonly kind: 'run-ended'; readonly status: RunStatus; readonly at: string }

/** What the submitting program offers an orchestrator. */
export interface OrchestratorHost {
  /** Runs an attempt in this process. */
  executeStep(ref: StepRef, options: { readonly signal: AbortSignal }): Promise<StepOutcome>
  /** How to run an attempt as a process of its own. Throws `unsupported` where the pipeline has no code location. */
  command(ref: StepRef, options?: StepCommandOptions): StepCommand
  /**
   * What the store says of an attempt that ended elsewhere; `failed` with `step-failed` where it says nothing, and then the
   * message tells how its process ended, where that is known.
   */
  outcome(ref: StepRef, end?: ProcessEnd): Promise<StepOutcome>
  /** The plan, read from the store at most once. */
  plan(): Promise<RunPlan>
  /**
   * Takes notice of progress; awaited, so that records are never behind the engine. The host that `launchAttempt` gets takes
   * lines of that attempt alone and ignores any other value, so that a process's messages can be passed on as they come.
   */
  report(event: RunEvent): Promise<void>
}

/** What a status says of a run; an engine's status is a hint, never the truth. */
export interface RunState {
  readonly status: RunStatus
}

/** A flavor that compiles the plan for an engine, or hosts the loop inside one, extends this; others extend DrivenOrchestrator. */
export abstract class Orchestrator<Config = unknown, Settings = unknown, Driver = unknown> extends StackComponent<
  Config,
  Settings,
  Driver
> {
  static {
    markBaseType(Orchestrator, 'orchestrator')
  }

  /** Hands a run to the engine; a second call with the same `runId` gives the same ticket. */
  abstract submit(request: RunRequest, host: OrchestratorHost): Promise<Ticket>
  abstract status(ticket: Ticket): Promise<RunState>
  /**
   * Ends a run: steps are told at once, and killed after `graceMs` milliseconds (the engine's own grace where absent).
   * Resolves when the engine has taken notice, `wait` when the run has ended; a second call may shorten the grace.
   */
  abstract cancel(ticket: Ticket, options: { readonly graceMs?: number }): Promise<void>
  /** Resolves when the run has ended. */
  abstract wait(ticket: Ticket): Promise<RunState>
  /** Lines an engine kept of its own; the steps' logs are objects in the store. */
  abstract logs(ticket: Ticket, step?: string): AsyncIterable<string>
  /** The runs the engine knows with all of these labels. */
  abstract list(labels: Readonly<Record<string, string>>): AsyncIterable<Ticket>
}
