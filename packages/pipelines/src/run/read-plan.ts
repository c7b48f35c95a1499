/** Reads a run's plan from the store. */
import { type ArtifactStore, type RunPlan, StackError } from '@stack/core'
import { parseJson, readStored } from '../artifacts/stored-json.js'
import { parsePlan } from '../plan/parse-plan.js'
import { planUri } from './run-layout.js'

/** The largest plan that is written and read, in bytes. */
const maximumPlanBytes = 64 * 1024 * 1024

/**
 * Reads the plan of a run.
 * @throws StackError `not-found`, `checksum-mismatch` for one that is no JSON or larger than 64 MiB, `invalid-pipeline` for one
 * that no run has; whatever the store throws.
 */
export async function readPlan(
  store: ArtifactStore,
  run: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<RunPlan> {
  const form = { name: 'plan', maximumBytes: maximumPlanBytes, parse: parseJson }
  return parsePlan(await readStored(store, planUri(run), { ...form, ...options }))
}

/**
 * The text of a plan.
 * @throws StackError `invalid-pipeline` for one that would be too large to read again.
 */
export function writePlan(plan: RunPlan): string {
  const text = JSON.stringify(plan)
  if (Buffer.byteLength(text) <= maximumPlanBytes) return text
  const limit = maximumPlanBytes / 1024 ** 2
  throw new StackError('invalid-pipeline', `The plan of "${plan.pipeline}" is larger than ${limit} MiB.`, {
    hint: 'Hand large data from step to step as an output: parameters and constants are part of the plan.',
  })
}
