/** Executes a request of `stack-step`: opens the stack, finds the step in the user's code, runs the attempt. */
import { type LogEvent, StackError, type StepOutcome } from '@stack/core'
import { FlavorRegistry, openStack } from '@stack/core/host'
import { planPipeline } from '../plan/plan-pipeline.js'
import { watchCancelMark } from '../run/cancel-mark.js'
import { readPlan } from '../run/read-plan.js'
import { errorUri } from '../run/run-layout.js'
import { stepErrorJson, toStepError } from '../run/step-error.js'
import { storedCommit } from '../run/stored-outcome.js'
import { createSourceLoader } from '../source/create-source-loader.js'
import { loadPipeline } from '../source/load-pipeline.js'
import { DescriptorLines } from './descriptor-lines.js'
import { executeStep } from './execute-step.js'
import { stderrLog } from './stderr-log.js'
import type { StepRequest } from './step-request.js'

/** What a request is executed with. */
export interface ExecuteRequestOptions {
  readonly signal: AbortSignal
  /** Passes a log line on; the next waits until it resolves. */
  readonly send: (event: LogEvent) => Promise<void>
  /** Where the launcher takes the log and keeps it; else it is kept in the store here. */
  readonly logDescriptor: number | undefined
}

/**
 * Executes one attempt without a database. What keeps the step from starting, once the stack is open, is kept as the
 * attempt's error like what the step throws.
 */
export async function executeRequest(request: StepRequest, options: ExecuteRequestOptions): Promise<StepOutcome> {
  const { ref, projectRoot, code } = request
  const { send, logDescriptor } = options
  const sourceLoader = createSourceLoader({ projectRoot })
  const registry = new FlavorRegistry({
    projectRoot,
    builtins: request.builtins,
    sourceFlavors: request.sourceFlavors,
    sourceLoader,
  })
  await using stack = await openStack(request.stack, {
    registry,
    projectRoot,
    settings: request.settings,
    log: stderrLog,
  })
  const cancel = new AbortController()
  const signal = AbortSignal.any([options.signal, cancel.signal])
  const unwatch = watchCancelMark(stack.artifactStore, ref.run, (reason) => cancel.abort(reason))
  try {
    const plan = await readPlan(stack.artifactStore, ref.run, { signal })
    const { pipeline } = await loadPipeline(sourceLoader, `${code.file}#${code.export}`, {
      cwd: code.root,
      projectRoot,
    })
    const traced = await planPipeline(pipeline, plan.params, { settings: plan.settings })
    const invocation = plan.invocations.find(({ name }) => name === ref.invocation)
    if (invocation === undefined) {
      throw new StackError('not-found', `The plan of the run ${ref.run} has no invocation "${ref.invocation}".`)
    }
    return await executeStep(ref, {
      stack,
      pipeline: plan.pipeline,
      invocation,
      steps: traced.steps,
      projectRoot,
      signal,
      commitOf: (source) => storedCommit(stack.artifactStore, ref.run, source, { signal }),
      onLog: (line) => send({ kind: 'log', ref, ...line }),
      ...(logDescriptor === undefined
        ? {}
        : { lines: new DescriptorLines(logDescriptor, ref, (value) => stack.redact(value)) }),
    })
  } catch (thrown) {
    if (signal.aborted) return { status: 'cancelled' }
    const error = stack.redact(stepErrorJson(toStepError(thrown, { invocation: ref.invocation, projectRoot })))
    await stack.artifactStore.write(errorUri(ref), JSON.stringify(error), { contentType: 'application/json' })
    return { status: 'failed', error }
  } finally {
    unwatch()
  }
}
