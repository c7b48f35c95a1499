/** Keeps a run's records up to date with its events. */
import type {
  Metadata,
  RecordStore,
  RunEvent,
  RunPlan,
  RunRecord,
  RunStatus,
  StackErrorJson,
  StepRunRecord,
} from '@stack/core'
import { commitArtifacts, inputIds, outputIds } from '../artifacts/commit-artifacts.js'

/** Milliseconds after which a step that still runs is recorded as running; a shorter one is written once, when it has ended. */
const recordRunningAfterMs = 200

/** What a recorder needs. */
export interface RunRecorderOptions {
  readonly run: RunRecord
  readonly plan: RunPlan
  /** Absent where a run is not to be recorded. */
  readonly records: RecordStore | undefined
  readonly redact: <T>(value: T) => T
}

/** The records of one run: kept here as they are, and in the project's record store where there is one. */
export class RunRecorder {
  readonly #options: RunRecorderOptions
  readonly #steps: Map<string, StepRunRecord>
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #writes = new Map<string, Promise<unknown>>()
  #run: RunRecord

  constructor(options: RunRecorderOptions) {
    this.#options = options
    this.#run = options.run
    this.#steps = new Map(
      options.plan.invocations.map(({ name, step }, position) => [
        name,
        pendingStep(options.run.id, name, step, position),
      ]),
    )
  }

  get run(): RunRecord {
    return this.#run
  }

  /** In the plan's order. */
  get steps(): readonly StepRunRecord[] {
    return [...this.#steps.values()]
  }

  /** Creates the run and its pending steps. */
  async create(): Promise<void> {
    await this.#options.records?.createRun(this.#run, this.steps)
  }

  /** Takes a step's event; resolves when its end is recorded. */
  async report(event: RunEvent): Promise<void> {
    if (event.kind === 'attempt-started') {
      const { invocation, attempt } = event.ref
      this.#change(invocation, { status: 'running', attempt, startedAt: event.at, endedAt: null })
      if (this.#options.records === undefined) return
      const timer = setTimeout(() => this.#recordRunning(invocation), recordRunningAfterMs).unref()
      this.#timers.set(invocation, timer)
      return
    }
    if (event.kind === 'attempt-ended') return this.#end(event)
    if (event.kind !== 'invocation-skipped') return
    const message = `Skipped, because ${skipReason(event.because)}.`
    const error = this.#options.redact({ code: 'step-failed', message })
    await this.#record(this.#change(event.invocation, { status: 'skipped', error }), [])
  }

  /** Writes how the run ended. */
  async finish(end: {
    readonly status: RunStatus
    readonly metadata: Metadata
    readonly error?: StackErrorJson
  }): Promise<void> {
    const changes = {
      status: end.status,
      endedAt: new Date().toISOString(),
      metadata: this.#options.redact(end.metadata),
      error: end.error === undefined ? null : this.#options.redact(end.error),
    }
    this.#run = { ...this.#run, ...changes }
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#options.records?.updateRun(this.#run.id, changes)
  }

  async #end(event: Extract<RunEvent, { kind: 'attempt-ended' }>): Promise<void> {
    const { ref, outcome, at: endedAt } = event
    const { invocation } = ref
    clearTimeout(this.#timers.get(invocation))
    this.#timers.delete(invocation)
    if (outcome.status !== 'completed') {
      const error = outcome.status === 'failed' ? this.#options.redact(withoutStack(outcome.error)) : null
      await this.#record(this.#change(invocation, { status: outcome.status, endedAt, error }), [])
      return
    }
    const { commit } = outcome
    const step = this.#change(invocation, {
      status: 'completed',
      endedAt,
      outputs: outputIds(commit),
      inputs: inputIds(commit),
      metadata: commit.metadata,
    })
    await this.#record(step, commitArtifacts(commit, this.#run))
  }

  #change(invocation: string, changes: Partial<StepRunRecord>): StepRunRecord {
    const known = this.#steps.get(invocation)
    if (known === undefined) throw new RangeError(`The plan has no invocation "${invocation}".`)
    const step = { ...known, ...changes }
    this.#steps.set(invocation, step)
    return step
  }

  #recordRunning(invocation: string): void {
    const step = this.#steps.get(invocation)
    // Where this is not kept, the step's end, written later and awaited, says why.
    if (step?.status === 'running') this.#record(step, []).catch(() => {})
  }

  /** Writes a step run after what is being written of it, so that an end is never overtaken. */
  async #record(step: StepRunRecord, artifacts: ReturnType<typeof commitArtifacts>): Promise<void> {
    const { records } = this.#options
    if (records === undefined) return
    const before = this.#writes.get(step.invocation)
    if (before !== undefined) await before.catch(() => {})
    const write = records.recordStepRun(step, artifacts)
    if (step.status === 'running') this.#writes.set(step.invocation, write)
    else this.#writes.delete(step.invocation)
    await write
  }
}

function pendingStep(run: string, invocation: string, step: string, position: number): StepRunRecord {
  return {
    run,
    invocation,
    step,
    position,
    status: 'pending',
    attempt: 0,
    cached: false,
    startedAt: null,
    endedAt: null,
    outputs: {},
    inputs: [],
    metadata: {},
    error: null,
  }
}

function skipReason(because: string): string {
  return because.includes(' ') ? because : `"${because}" gave no outputs`
}

/** The stack of a step's error stays in its `error.json`; the record says what, why and where. */
function withoutStack({ stack: _, ...error }: StackErrorJson): StackErrorJson {
  return error
}
