/** What a step's function is given beside its input. */
import type { ArtifactStore, Log, Metadata } from '@stack/core'

/** The run a step stands in, and what it may use of it. */
export interface StepContext {
  /** Aborts when the run is cancelled; pass it to whatever takes a signal. */
  readonly signal: AbortSignal
  /** Lines kept with the attempt, shown by `stack runs logs`. */
  readonly log: Log
  /** The stack's artifact store, for objects that are no outputs. */
  readonly artifactStore: ArtifactStore
  /** Tracks facts with the step run; later calls win over earlier ones field by field. */
  logMetadata(metadata: Metadata): void
  /** The run's id. */
  readonly run: string
  readonly pipeline: string
  /** This use of the step in the run: the step's name, `name_2` for its second use. */
  readonly invocation: string
  readonly step: string
  /** Counts from 1. */
  readonly attempt: number
}
