/** Makes the plan of a run: parameters validated, the pipeline traced. */
import type { RunPlan, SettingsByKey } from '@stack/core'
import type { PipelineDefinition } from '../definition/pipeline.js'
import type { StepDefinition } from '../definition/step-definition.js'
import { mergeSettings } from './merge-settings.js'
import { readParams } from './read-params.js'
import { tracePipeline } from './trace-pipeline.js'

/** A plan and the steps it names. */
export interface TracedPipeline {
  readonly plan: RunPlan
  /** Steps by invocation. */
  readonly steps: ReadonlyMap<string, StepDefinition>
}

/**
 * Plans a run. A plan's own `params` may be given again: they trace to the same plan, in any process.
 * @throws StackError `invalid-params`, `invalid-pipeline`, `handle-used-as-value`, or what the pipeline's `run` throws.
 */
export async function planPipeline(
  pipeline: PipelineDefinition,
  params: unknown,
  options: { readonly settings?: SettingsByKey } = {},
): Promise<TracedPipeline> {
  const run = options.settings ?? {}
  const { value, kept } = await readParams(pipeline, params)
  const { invocations, steps } = tracePipeline(pipeline, value, { pipeline: pipeline.settings, run })
  const settings = mergeSettings(pipeline.settings, run)
  return { plan: { protocol: 1, pipeline: pipeline.name, params: kept, settings, invocations }, steps }
}
