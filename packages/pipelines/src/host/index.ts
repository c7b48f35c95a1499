/** What programs use: run a pipeline, execute one step, read what a run left. */

export { artifactId, artifactName } from '../artifacts/artifact-id.js'
export { commitArtifacts, inputIds, outputIds } from '../artifacts/commit-artifacts.js'
export { type LoadOutputOptions, loadOutput, openOutput, readOutput } from '../materializers/load-output.js'
export { type SaveOutputOptions, saveOutput } from '../materializers/save-output.js'
export type { ReadOutputOptions } from '../materializers/stored-content.js'
export { bindInputs, type LoadHandle } from '../plan/bind-inputs.js'
export { parsePlan } from '../plan/parse-plan.js'
export { planPipeline, type TracedPipeline } from '../plan/plan-pipeline.js'
export { cancelLookMs, markCancelled } from '../run/cancel-mark.js'
export { type CommitResult, readCommit, writeCommit } from '../run/commit.js'
export type { LogLine } from '../run/log-line.js'
export { readStepLog } from '../run/read-step-log.js'
export {
  attemptDirectory,
  cancelUri,
  commitUri,
  errorUri,
  heartbeatUri,
  logUri,
  planUri,
  stackUri,
} from '../run/run-layout.js'
export { processOwner, shownStatus } from '../run/run-owner.js'
export { type RunPipelineOptions, runPipeline } from '../run/run-pipeline.js'
export { type RunResult, type StepResult, toRunResult } from '../run/run-result.js'
export { createSourceLoader, type SourceLoaderOptions } from '../source/create-source-loader.js'
export { type LoadedPipeline, type LoadPipelineOptions, loadPipeline } from '../source/load-pipeline.js'
export { firstPosition, mapStack } from '../source/map-stack.js'
export type { SourcePosition } from '../source/source-position.js'
export { type ExecuteStepOptions, executeStep } from '../step-executor/execute-step.js'
export { heartbeatMs } from '../step-executor/heartbeat.js'
export type { StepProcessOptions, StepRequest } from '../step-executor/step-request.js'
