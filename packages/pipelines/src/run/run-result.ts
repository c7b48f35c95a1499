/** What a run gave: the data of `stack run --json`. */
import type { Metadata, RunRecord, RunStatus, StackErrorJson, StepRunRecord, StepStatus } from '@stack/core'
import { shownStatus } from './run-owner.js'

/** One step of a {@link RunResult}. */
export interface StepResult {
  /** The invocation's name. */
  readonly name: string
  readonly status: StepStatus
  /** The latest attempt, from 1; 0 where there was none. */
  readonly attempt: number
  readonly cached: boolean
  /** Milliseconds; null where it did not run to an end. */
  readonly durationMs: number | null
  /** Artifact ids by output name. */
  readonly outputs: Readonly<Record<string, string>>
  readonly error?: StackErrorJson
}

/** A run, as `stack run` and `stack runs describe` show it. */
export interface RunResult {
  readonly id: string
  readonly pipeline: string
  readonly stack: string
  readonly status: RunStatus
  readonly startedAt: string
  /** Milliseconds; null while it runs. */
  readonly durationMs: number | null
  /** In the plan's order. */
  readonly steps: readonly StepResult[]
  readonly metadata: Metadata
  readonly error?: StackErrorJson
}

/** A run's records in the form that is shown; a run whose process died is `interrupted`. */
export function toRunResult(run: RunRecord, steps: readonly StepRunRecord[]): RunResult {
  return {
    id: run.id,
    pipeline: run.pipeline,
    stack: run.stack,
    status: shownStatus(run),
    startedAt: run.startedAt,
    durationMs: duration(run.startedAt, run.endedAt),
    steps: steps.map((step) => ({
      name: step.invocation,
      status: step.status,
      attempt: step.attempt,
      cached: step.cached,
      durationMs: duration(step.startedAt, step.endedAt),
      outputs: step.outputs,
      ...(step.error === null ? {} : { error: step.error }),
    })),
    metadata: run.metadata,
    ...(run.error === null ? {} : { error: run.error }),
  }
}

function duration(start: string | null, end: string | null): number | null {
  return start === null || end === null ? null : Date.parse(end) - Date.parse(start)
}
