/** Runs a pipeline on a stack: plan → orchestrator → steps → records. */
import {
  type CodeLocation,
  type Log,
  type Metadata,
  type OpenedStack,
  type RecordStore,
  type RunEvent,
  type RunPlan,
  type RunRecord,
  type SettingsByKey,
  type SourceFlavorRecord,
  type StackDefinition,
  StackError,
  type StackErrorJson,
  silentLog,
  type Ticket,
  toStackError,
} from '@stack/core'
import type { PipelineDefinition } from '../definition/pipeline.js'
import { planPipeline } from '../plan/plan-pipeline.js'
import { markCancelled, watchCancelMark } from './cancel-mark.js'
import { writePlan } from './read-plan.js'
import { RunHost } from './run-host.js'
import { checkRunId, newRunId } from './run-id.js'
import { planUri, stackUri } from './run-layout.js'
import { runMetadata } from './run-metadata.js'
import { processOwner } from './run-owner.js'
import { RunRecorder } from './run-recorder.js'
import { type RunResult, toRunResult } from './run-result.js'

/** What to run, on what, and who is told. */
export interface RunPipelineOptions {
  readonly pipeline: PipelineDefinition
  readonly params: unknown
  readonly stack: StackDefinition
  /** Makes the stack's components live: core/host's `openStack` with a registry. */
  readonly open: (
    definition: StackDefinition,
    options: { readonly settings: SettingsByKey; readonly log: Log },
  ) => Promise<OpenedStack>
  readonly projectRoot: string
  /** Where runs, steps and artifacts are recorded; without it the run is kept in the artifact store alone. */
  readonly records?: RecordStore
  /** Where another process finds the pipeline; without it steps run in this process only. */
  readonly code?: CodeLocation
  /** Settings of this run, stronger than those of the components. */
  readonly settings?: SettingsByKey
  /** Directories of flavor packages that the program carries, for steps in processes of their own. */
  readonly builtins?: readonly string[]
  /** The project's flavors that are registered by source path, likewise. */
  readonly sourceFlavors?: readonly SourceFlavorRecord[]
  /** Ends the run as cancelled when it aborts: steps are told, and ended by force after the orchestrator's grace. */
  readonly signal?: AbortSignal
  /** Cuts that grace short when it aborts. */
  readonly killSignal?: AbortSignal
  readonly runId?: string
  readonly log?: Log
  /** Called with progress as it happens, and awaited; what it throws ends the run. */
  readonly onEvent?: (event: RunEvent) => unknown
}

/**
 * Runs a pipeline to its end and gives what `stack run --json` shows. A step that fails makes a `failed` result, not an error.
 * @throws StackError where no run came to be (`invalid-params`, `invalid-stack`, …) or its records cannot be kept.
 */
export async function runPipeline(options: RunPipelineOptions): Promise<RunResult> {
  const { signal, settings = {} } = options
  signal?.throwIfAborted()
  const traced = await planPipeline(options.pipeline, options.params, { settings })
  const runId = options.runId === undefined ? newRunId() : checkRunId(options.runId)
  const stack = await options.open(options.stack, { settings, log: options.log ?? silentLog })
  try {
    await keepPlan(stack, runId, traced.plan, options.stack, signal)
    const recorder = new RunRecorder({
      run: runRecord(runId, traced.plan, options, stack),
      plan: traced.plan,
      records: options.records,
      redact: (value) => stack.redact(value),
    })
    await recorder.create()
    const { code, projectRoot } = options
    const host = new RunHost({
      stack,
      traced,
      projectRoot,
      process:
        code === undefined
          ? undefined
          : {
              projectRoot,
              code,
              stack: options.stack,
              settings,
              builtins: options.builtins ?? [],
              sourceFlavors: options.sourceFlavors ?? [],
            },
      report: async (event) => {
        await recorder.report(event)
        await options.onEvent?.(event)
      },
    })
    await followRun(stack, host, recorder, options).finally(() => host.close())
    return toRunResult(recorder.run, recorder.steps)
  } finally {
    await stack[Symbol.asyncDispose]()
  }
}

/** Hands the run to the orchestrator, passes a cancellation on, and records the end. */
async function followRun(
  stack: OpenedStack,
  host: RunHost,
  recorder: RunRecorder,
  options: RunPipelineOptions,
): Promise<void> {
  const { orchestrator } = stack
  const { id, pipeline } = recorder.run
  const info = { run: id, pipeline, stack: stack.name }
  try {
    const ticket = await orchestrator.submit(
      {
        runId: id,
        planUri: planUri(id),
        stack: stack.name,
        labels: {},
        ...(options.code === undefined ? {} : { code: options.code }),
      },
      host,
    )
    const release = passCancellation(stack, ticket, options)
    const { status } = await orchestrator.wait(ticket).finally(release)
    const error = status === 'failed' ? firstError(recorder) : undefined
    await recorder.finish({
      status,
      metadata: await runMetadata(stack, info, options.log ?? silentLog),
      ...(error === undefined ? {} : { error }),
    })
  } catch (thrown) {
    await recorder.finish({ status: 'failed', metadata: {}, error: toStackError(thrown).toJSON() }).catch(() => {})
    throw thrown
  }
}

/**
 * Passes a cancellation on to the orchestrator, whether it comes by signal or by the mark in the store, and by signal leaves
 * the mark for processes that run a step elsewhere. What fails here changes nothing: the run's end is what `wait` says.
 */
function passCancellation(stack: OpenedStack, ticket: Ticket, options: RunPipelineOptions): () => Promise<void> {
  const { orchestrator, artifactStore } = stack
  const { signal, killSignal } = options
  const cancel = () => void orchestrator.cancel(ticket, {}).catch(() => {})
  const kill = () => void orchestrator.cancel(ticket, { graceMs: 0 }).catch(() => {})
  let marking: Promise<void> | undefined
  const cancelEverywhere = () => {
    cancel()
    marking = markCancelled(artifactStore, ticket.runId).catch(() => {})
  }
  const unwatch = watchCancelMark(artifactStore, ticket.runId, cancel)
  signal?.addEventListener('abort', cancelEverywhere, { once: true })
  killSignal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) cancelEverywhere()
  if (killSignal?.aborted) kill()
  return async () => {
    unwatch()
    await marking
    signal?.removeEventListener('abort', cancelEverywhere)
    killSignal?.removeEventListener('abort', kill)
  }
}

/** Writes the plan and the stack, once; a run whose id is taken by another plan is refused. */
async function keepPlan(
  stack: OpenedStack,
  run: string,
  plan: RunPlan,
  definition: StackDefinition,
  signal: AbortSignal | undefined,
): Promise<void> {
  const text = writePlan(plan)
  if (stack.redact(text) !== text) {
    throw new StackError(
      'secret-plain-text',
      `A parameter or setting of "${plan.pipeline}" holds the value of one of the stack's secrets, and a plan is kept in plain text.`,
      { hint: 'Read the secret inside the step that needs it, for instance from the environment.' },
    )
  }
  const options = { ifAbsent: true, contentType: 'application/json', ...(signal === undefined ? {} : { signal }) }
  await stack.artifactStore.write(planUri(run), text, options)
  await stack.artifactStore.write(stackUri(run), JSON.stringify(stack.redact(definition)), options)
}

function runRecord(id: string, plan: RunPlan, options: RunPipelineOptions, stack: OpenedStack): RunRecord {
  const now = new Date().toISOString()
  const store = options.stack.components.find(({ type }) => type === 'artifact-store')
  return {
    id,
    pipeline: plan.pipeline,
    stack: stack.name,
    status: 'running',
    startedAt: now,
    endedAt: null,
    params: stack.redact(plan.params),
    settings: stack.redact(plan.settings),
    metadata: {} satisfies Metadata,
    artifactStore: store?.id ?? stack.artifactStore.id,
    owner: processOwner(),
    error: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** The error of the first step that failed: why the run did. */
function firstError(recorder: RunRecorder): StackErrorJson | undefined {
  return recorder.steps.find(({ status }) => status === 'failed')?.error ?? undefined
}
