/** What the scheduling of a run knows: the state of {@link reduceRun}, its events and its commands. */
import type { RunStatus, StepStatus } from './orchestrator.js'
import type { PersistentList } from './persistent-list.js'
import type { PlannedInvocation } from './run-plan.js'

/** How far one invocation is. */
export interface InvocationProgress {
  readonly name: string
  readonly status: StepStatus
  /** The latest attempt, from 1; 0 before the first. */
  readonly attempt: number
  /** How many of the invocations before it have not completed. */
  readonly waitingFor: number
}

/** How far a run is; never changed, every event gives a new one. */
export interface RunProgress {
  readonly status: RunStatus
  readonly concurrency: number
  readonly cancelling: boolean
  readonly invocations: PersistentList<InvocationProgress>
  /** Where an invocation stands in `invocations`, by name. */
  readonly positions: ReadonlyMap<string, number>
  /** The positions of those that wait for an invocation, by its position. */
  readonly dependents: readonly (readonly number[])[]
  /** Positions in the order in which they became ready, and how many of them were taken. */
  readonly ready: PersistentList<number>
  readonly taken: number
  readonly running: number
  /** How many have not ended. */
  readonly unfinished: number
  /** A plan that may still grow keeps a run from ending: how many `plan-opened` wait for their `plan-closed`. */
  readonly open: number
}

/** What happens to a run. */
export type RunProgressEvent =
  /** The plan's beginning, or invocations that a mapping or dynamic step adds; what they wait for is in the plan or among them. */
  | { readonly kind: 'plan-grown'; readonly invocations: readonly Pick<PlannedInvocation, 'name' | 'after'>[] }
  /** More invocations may come: the run does not end before as many `plan-closed`. */
  | { readonly kind: 'plan-opened' }
  | { readonly kind: 'plan-closed' }
  | {
      readonly kind: 'attempt-ended'
      readonly invocation: string
      readonly attempt: number
      readonly outcome: 'completed' | 'failed' | 'cancelled'
    }
  | { readonly kind: 'cancel-requested' }

/** What is to be done about it. */
export type RunCommand =
  | { readonly kind: 'launch'; readonly invocation: string; readonly attempt: number }
  | { readonly kind: 'skip'; readonly invocation: string; readonly because: string }
  | { readonly kind: 'cancel'; readonly invocation: string; readonly attempt: number }
  | { readonly kind: 'end'; readonly status: RunStatus }

/** What an event leads to. */
export interface RunTransition {
  readonly state: RunProgress
  readonly commands: readonly RunCommand[]
}
