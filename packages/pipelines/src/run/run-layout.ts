/** Where a run's objects are, relative to the artifact store: a fixed layout that other programs read and write. */
import type { StepRef } from '@stack/core'

/** The plan, written once before the run starts. */
export const planUri = (run: string): string => `runs/${run}/plan.json`

/** The stack the run was started on, with secret references, never with secrets. */
export const stackUri = (run: string): string => `runs/${run}/stack.json`

/** The mark that tells every step of a run to end. */
export const cancelUri = (run: string): string => `runs/${run}/cancel`

/** The one atomic act of a step: created if absent. */
export const commitUri = (run: string, invocation: string): string => `runs/${run}/${invocation}/commit.json`

/** What an attempt writes: its outputs, its log, its heartbeat, its error. */
export const attemptDirectory = (ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>): string =>
  `runs/${ref.run}/${ref.invocation}/${ref.attempt}`

/** Says that an attempt is alive, and since when. */
export const heartbeatUri = (ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>): string =>
  `${attemptDirectory(ref)}/heartbeat.json`

/** Why an attempt failed. */
export const errorUri = (ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>): string =>
  `${attemptDirectory(ref)}/error.json`

/** One part of an attempt's log, NDJSON; parts are numbered from 1 and never changed. */
export const logUri = (ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>, part: number): string =>
  `${attemptDirectory(ref)}/log/${String(part).padStart(6, '0')}.ndjson`
