/** A run of scripted steps: the host that an orchestrator is given, and what it has told and done. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Orchestrator,
  type OrchestratorHost,
  type RunEvent,
  type RunPlan,
  type RunRequest,
  type RunState,
  StackError,
  type StepOutcome,
  type StepRef,
  type Ticket,
} from '@stack/core'
import {
  outcomeFile,
  runScriptedStep,
  type ScriptedStep,
  scriptedStepProgram,
  type TraceLine,
} from './scripted-step.js'

/** How long anything in these runs may take, in milliseconds. */
const patienceMs = 10_000

/** The steps of a run, in topological order. */
export type Script = Readonly<Record<string, ScriptedStep>>

export class ScriptedRun {
  readonly orchestrator: Orchestrator
  readonly request: RunRequest
  readonly events: RunEvent[] = []
  readonly host: OrchestratorHost
  readonly #directory = mkdtempSync(join(tmpdir(), 'stack-orchestrator-'))
  readonly #script: Script

  constructor(
    orchestrator: Orchestrator,
    runId: string,
    script: Script,
    report?: (event: RunEvent) => Promise<void> | void,
  ) {
    this.orchestrator = orchestrator
    this.#script = script
    this.request = { runId, planUri: `runs/${runId}/plan.json`, stack: 'kit', labels: {} }
    this.host = {
      executeStep: (ref, { signal }) => this.#execute(ref, signal),
      command: (ref) => ({
        argv: [process.execPath, '-e', scriptedStepProgram],
        env: {},
        stdin: JSON.stringify({ directory: this.#directory, ref, step: this.#step(ref) }),
      }),
      outcome: async (ref) => this.#outcome(ref),
      plan: async () => planOf(script),
      report: async (event) => {
        await report?.(event)
        this.events.push(event)
      },
    }
  }

  submit(): Promise<Ticket> {
    return this.orchestrator.submit(this.request, this.host)
  }

  /** The run's end, which has to come. */
  async end(ticket: Ticket): Promise<RunState['status']> {
    const { status } = await within(this.orchestrator.wait(ticket), 'The run did not end')
    return status
  }

  /** Waits until an invocation has started. */
  async started(invocation: string): Promise<void> {
    const deadline = Date.now() + patienceMs
    while (!this.trace().some((line) => line.kind === 'start' && line.invocation === invocation)) {
      if (Date.now() > deadline) throw new Error(`"${invocation}" did not start within ${patienceMs} ms.`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** What the steps have done, in order. */
  trace(): readonly TraceLine[] {
    const file = join(this.#directory, 'trace')
    if (!existsSync(file)) return []
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as TraceLine)
  }

  /** The invocations that have started, in order, an attempt more than once where it was launched so. */
  starts(): readonly string[] {
    return this.trace().flatMap(({ kind, invocation }) => (kind === 'start' ? [invocation] : []))
  }

  /** How each attempt and each skipped invocation ended, as reported. */
  ends(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.events.flatMap((event) => {
        if (event.kind === 'attempt-ended') return [[event.ref.invocation, event.outcome.status]]
        return event.kind === 'invocation-skipped' ? [[event.invocation, `skipped: ${event.because}`]] : []
      }),
    )
  }

  dispose(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async #execute(ref: StepRef, signal: AbortSignal): Promise<StepOutcome> {
    await runScriptedStep({ directory: this.#directory, ref, step: this.#step(ref) }, signal)
    return this.#outcome(ref)
  }

  #outcome(ref: StepRef): StepOutcome {
    const file = outcomeFile(this.#directory, ref)
    const left = existsSync(file) ? readFileSync(file, 'utf8') : 'nothing'
    if (left === 'cancelled') return { status: 'cancelled' }
    if (left === 'completed') {
      const commit = { ...ref, startedAt: '', endedAt: '', inputs: {}, outputs: {}, metadata: {} }
      return { status: 'completed', commit }
    }
    const reason = left === 'failed' ? 'The script says so.' : 'The attempt left nothing in the store.'
    return {
      status: 'failed',
      error: new StackError(left === 'failed' ? 'invalid-output' : 'step-failed', reason).toJSON(),
    }
  }

  #step({ invocation }: StepRef): ScriptedStep {
    const step = this.#script[invocation]
    if (step === undefined) throw new Error(`The plan has no invocation "${invocation}".`)
    return step
  }
}

/** Waits for what has to come soon. */
export async function within<T>(promise: Promise<T>, complaint: string, ms = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} within ${ms} ms.`)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function planOf(script: Script): RunPlan {
  const invocations = Object.entries(script).map(([name, { after = [] }]) => ({
    ...{ name, step: name, inputs: {}, after, outputs: ['output'], settings: {} },
  }))
  return { protocol: 1, pipeline: 'kit', params: {}, settings: {}, invocations }
}
