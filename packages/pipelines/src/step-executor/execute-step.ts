/** One step, by reference: inputs from the store → the user's function → outputs validated and written → commit. */
import {
  type ArtifactStore,
  type Commit,
  type Metadata,
  type OpenedStack,
  type PlannedInvocation,
  StackError,
  type StepOutcome,
  type StepRef,
} from '@stack/core'
import type { StepContext } from '../definition/context.js'
import type { StepDefinition } from '../definition/step-definition.js'
import { loadOutput } from '../materializers/load-output.js'
import { saveOutputs } from '../materializers/save-outputs.js'
import { bindInputs } from '../plan/bind-inputs.js'
import { writeCommit } from '../run/commit.js'
import type { LogLine, LogLines } from '../run/log-line.js'
import { LogParts } from '../run/log-parts.js'
import { checkMetadata } from '../run/metadata.js'
import { attemptDirectory, commitUri, errorUri } from '../run/run-layout.js'
import { stepErrorJson, toStepError } from '../run/step-error.js'
import { StepLog } from '../run/step-log.js'
import { startHeartbeat } from './heartbeat.js'
import { StepHooks } from './step-hooks.js'

/** What a step is executed with. */
export interface ExecuteStepOptions {
  readonly stack: OpenedStack
  readonly pipeline: string
  readonly invocation: PlannedInvocation
  /** The pipeline's steps by invocation: this one's, and those whose outputs it reads. */
  readonly steps: ReadonlyMap<string, StepDefinition>
  readonly projectRoot: string
  /** The commit of an invocation this one depends on. */
  readonly commitOf: (invocation: string) => Promise<Commit>
  readonly signal: AbortSignal
  /** Shows a log line; the next waits until it resolves. */
  readonly onLog?: (line: LogLine) => unknown
  /** Keeps and shows the log in place of the store and `onLog`. */
  readonly lines?: LogLines
}

/**
 * Executes one attempt and says how it ended; it never throws for what the step did. Where another attempt committed first,
 * its commit is the result. An aborted attempt commits nothing.
 */
export async function executeStep(ref: StepRef, options: ExecuteStepOptions): Promise<StepOutcome> {
  const { stack, projectRoot } = options
  const redact = <T>(value: T): T => stack.redact(value)
  const show = options.onLog ?? (() => {})
  const lines = options.lines ?? new LogParts({ ref, store: stack.artifactStore, redact, show })
  const log = new StepLog(lines)
  const heartbeat = startHeartbeat(ref, stack.artifactStore)
  let outcome: StepOutcome
  try {
    outcome = { status: 'completed', commit: await attemptStep(ref, options, log) }
  } catch (thrown) {
    if (options.signal.aborted) outcome = { status: 'cancelled' }
    else {
      const error = redact(stepErrorJson(toStepError(thrown, { invocation: ref.invocation, projectRoot })))
      outcome = { status: 'failed', error }
      await keepError(stack.artifactStore, ref, outcome.error, log)
    }
  }
  await heartbeat.stop()
  await lines.close()
  return outcome
}

async function attemptStep(ref: StepRef, options: ExecuteStepOptions, log: StepLog): Promise<Commit> {
  const { stack, invocation, signal } = options
  const store = stack.artifactStore
  const step = ownStep(options)
  const startedAt = new Date().toISOString()
  const hooks = new StepHooks(stack, log, {
    run: ref.run,
    pipeline: options.pipeline,
    stack: stack.name,
    invocation: ref.invocation,
    step: invocation.step,
    attempt: ref.attempt,
    artifactStore: store,
    signal,
  })
  let failed = true
  try {
    await hooks.prepare()
    const { inputs, hashes } = await loadInputs(options)
    let metadata: Metadata = {}
    const context: StepContext = {
      signal,
      log,
      artifactStore: store,
      logMetadata: (facts) => {
        metadata = { ...metadata, ...checkMetadata(facts, `the step "${ref.invocation}"`) }
      },
      run: ref.run,
      pipeline: options.pipeline,
      invocation: ref.invocation,
      step: invocation.step,
      attempt: ref.attempt,
    }
    signal.throwIfAborted()
    const result = await step.run(inputs, context)
    signal.throwIfAborted()
    const outputs = await saveOutputs(step.splitResult(result), {
      step,
      store,
      directory: attemptDirectory(ref),
      commitUri: commitUri(ref.run, ref.invocation),
      signal,
    })
    metadata = stack.redact({ ...(await hooks.metadata()), ...metadata })
    signal.throwIfAborted()
    const { commit } = await writeCommit(store, {
      protocol: 1,
      run: ref.run,
      invocation: ref.invocation,
      attempt: ref.attempt,
      token: ref.token,
      startedAt,
      endedAt: new Date().toISOString(),
      inputs: hashes,
      outputs,
      metadata,
    })
    failed = false
    return commit
  } finally {
    await hooks.cleanup({ failed })
  }
}

function ownStep({ steps, invocation }: ExecuteStepOptions): StepDefinition {
  const step = steps.get(invocation.name)
  if (step !== undefined && step.name === invocation.step) return step
  throw new StackError(
    'not-found',
    `The pipeline has no step "${invocation.step}" at "${invocation.name}", as its plan says.`,
    {
      hint: 'The code changed since the run was started: start it again.',
    },
  )
}

/** The values a step is called with, each decoded anew, and the content hashes of the artifacts among them. */
async function loadInputs(
  options: ExecuteStepOptions,
): Promise<{ readonly inputs: Record<string, unknown>; readonly hashes: Record<string, string> }> {
  const { stack, invocation, steps, commitOf, signal } = options
  const hashes: Record<string, string> = {}
  const inputs = await bindInputs(invocation.inputs, async (source, name) => {
    const { outputs } = await commitOf(source)
    const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined
    if (output === undefined) throw new StackError('not-found', `The commit of "${source}" has no output "${name}".`)
    hashes[`${source}.${name}`] = output.contentHash
    const step = steps.get(source)
    return loadOutput(output, { store: stack.artifactStore, signal, ...(step === undefined ? {} : { step }) })
  })
  return { inputs, hashes }
}

/** Writes why an attempt failed, for whoever asks the store; where even that fails, the log says so. */
async function keepError(store: ArtifactStore, ref: StepRef, error: object, log: StepLog): Promise<void> {
  try {
    await store.write(errorUri(ref), JSON.stringify(error), { contentType: 'application/json' })
  } catch (failure) {
    log.warn(`The error could not be kept: ${failure instanceof Error ? failure.message : String(failure)}`)
  }
}
