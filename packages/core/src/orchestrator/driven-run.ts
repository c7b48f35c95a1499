/** One run driven by the process that submitted it: the loop between the pure reducer, the attempts and the host. */
import { StackError, toStackError } from '../errors/stack-error.js'
import { parseTimeLimit } from '../time/time-limit.js'
import { attemptHost } from './attempt-host.js'
import { checkOutcome } from './check-outcome.js'
import type { OrchestratorHost, RunStatus } from './orchestrator.js'
import type { StepOutcome } from './outcome.js'
import type { RunCommand, RunProgress, RunProgressEvent } from './run-progress.js'
import { reduceRun, startRun } from './run-reducer.js'
import type { StepRef } from './step-ref.js'

/** How a flavor wants a run to be driven. */
export interface DriveOptions {
  /** How many attempts may run at once. */
  readonly concurrency: number
  /** Milliseconds a cancelled step has to end by itself. */
  readonly graceMs: number
}

/** What a driven run needs of its orchestrator. */
export interface AttemptRunner {
  launch(ref: StepRef, host: OrchestratorHost, signal: AbortSignal): Promise<StepOutcome>
  kill(ref: StepRef): Promise<void>
}

/** An attempt that has not ended. */
interface LiveAttempt {
  readonly ref: StepRef
  readonly abort: AbortController
}

/** One run and its loop. Events are taken one after another; each command is one call. */
export class DrivenRun {
  readonly ended: Promise<RunStatus>
  readonly #runId: string
  readonly #host: OrchestratorHost
  readonly #options: DriveOptions
  readonly #attempts: AttemptRunner
  readonly #live = new Map<string, LiveAttempt>()
  readonly #queue: RunProgressEvent[] = []
  #state: RunProgress
  #wake: (() => void) | undefined
  #grace: NodeJS.Timeout | undefined
  #killing = false
  #failure: { readonly error: unknown } | undefined
  #settle: { resolve(status: RunStatus): void; reject(error: unknown): void } | undefined

  constructor(runId: string, host: OrchestratorHost, options: DriveOptions, attempts: AttemptRunner) {
    this.#runId = runId
    this.#host = host
    this.#options = options
    this.#attempts = attempts
    this.#state = startRun({ concurrency: options.concurrency })
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Whoever waits sees the rejection; nobody waiting is no reason to end the process.
    this.ended.catch(() => {})
  }

  get status(): RunStatus {
    return this.#state.status
  }

  start(): void {
    this.#drive()
      .then((status) => this.#settle?.resolve(status))
      .catch((error: unknown) => {
        for (const { abort } of this.#live.values()) abort.abort(error)
        this.#settle?.reject(error)
      })
      .finally(() => clearTimeout(this.#grace))
  }

  /** @throws StackError `usage` for a time that is none. */
  cancel(graceMs: number = this.#options.graceMs): void {
    const killAfterMs = parseTimeLimit('graceMs', graceMs)
    if (this.#state.status !== 'running') return
    this.#send({ kind: 'cancel-requested' })
    clearTimeout(this.#grace)
    this.#grace = killAfterMs === undefined ? undefined : setTimeout(() => this.#killAll(), killAfterMs)
  }

  async #drive(): Promise<RunStatus> {
    const plan = await this.#host.plan()
    this.#send({ kind: 'plan-grown', invocations: plan.invocations })
    this.#send({ kind: 'plan-closed' })
    for (;;) {
      this.#throwFailure()
      const event = this.#queue.shift()
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      const { state, commands } = reduceRun(this.#state, event)
      this.#state = state
      for (const command of commands) {
        this.#throwFailure()
        const end = await this.#obey(command)
        if (end !== undefined) return end
      }
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #send(event: RunProgressEvent): void {
    this.#queue.push(event)
    this.#wake?.()
  }

  async #obey(command: RunCommand): Promise<RunStatus | undefined> {
    switch (command.kind) {
      case 'launch':
        await this.#launch(command)
        return undefined
      case 'cancel':
        this.#cancelAttempt(command.invocation)
        return undefined
      case 'skip':
        await this.#host.report({
          kind: 'invocation-skipped',
          invocation: command.invocation,
          because: command.because,
        })
        return undefined
      case 'end':
        await this.#host.report({ kind: 'run-ended', status: command.status, at: new Date().toISOString() })
        return command.status
    }
  }

  async #launch(command: Extract<RunCommand, { kind: 'launch' }>): Promise<void> {
    const { invocation, attempt } = command
    const ref: StepRef = { protocol: 1, run: this.#runId, invocation, attempt, token: crypto.randomUUID() }
    const live: LiveAttempt = { ref, abort: new AbortController() }
    this.#live.set(invocation, live)
    await this.#host.report({ kind: 'attempt-started', ref, at: new Date().toISOString() })
    const host = attemptHost(this.#host, ref, {
      isLive: () => this.#live.get(invocation) === live,
      onFailure: (error) => this.#fail(error),
    })
    this.#attempts.launch(ref, host, live.abort.signal).then(
      (outcome) => this.#end(live, checkOutcome(outcome, ref)),
      (error: unknown) => this.#end(live, { status: 'failed', error: toStackError(error).toJSON() }),
    )
  }

  /** Takes an attempt's end; the second end of an attempt (a killed one that answers after all) says nothing new. */
  async #end(live: LiveAttempt, outcome: StepOutcome): Promise<void> {
    const { ref } = live
    if (this.#live.get(ref.invocation) !== live) return
    this.#live.delete(ref.invocation)
    try {
      await this.#host.report({ kind: 'attempt-ended', ref, at: new Date().toISOString(), outcome })
      this.#send({
        kind: 'attempt-ended',
        invocation: ref.invocation,
        attempt: ref.attempt,
        outcome: outcome.status,
      })
    } catch (error) {
      this.#fail(error)
    }
  }

  #cancelAttempt(invocation: string): void {
    const live = this.#live.get(invocation)
    if (live === undefined) return
    live.abort.abort(new StackError('interrupted', 'The run was cancelled.'))
    if (this.#killing) this.#kill(live)
  }

  #killAll(): void {
    this.#killing = true
    for (const live of this.#live.values()) this.#kill(live)
  }

  #kill(live: LiveAttempt): void {
    this.#attempts
      .kill(live.ref)
      .then(() => this.#end(live, { status: 'cancelled' }))
      .catch((error: unknown) => this.#fail(error))
  }

  /** Ends the loop for a reason that is not a step's: the run's progress cannot be kept. */
  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake?.()
  }
}
