/** A promise of orchestrators, as a named case. */
import type { RunEvent } from '@stack/core'
import type { Script, ScriptedRun } from './scripted-run.js'

/** What an orchestrator is made for. */
export interface OrchestratorOptions {
  /** How many attempts may run at once. */
  readonly concurrency: number
  /** Milliseconds a cancelled step has to end by itself. */
  readonly graceMs: number
}

/** What a case is given. */
export interface OrchestratorCaseContext {
  /** Makes a run on an orchestrator of its own, or on that of another run. */
  prepare(
    script: Script,
    options?: Partial<OrchestratorOptions> & {
      readonly beside?: ScriptedRun
      readonly report?: (event: RunEvent) => Promise<void> | void
    },
  ): Promise<ScriptedRun>
}

/** One case. Its id never changes: it is how an orchestrator declares that it diverges. */
export interface OrchestratorCase {
  readonly id: string
  readonly title: string
  readonly run: (context: OrchestratorCaseContext) => Promise<void>
}
