/** A step that runs in a process of its own, as the leader of its own process group. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { OrchestratorHost, ProcessEnd, RunEvent, StepCommand, StepOutcome, StepRef } from '@stack/core'

export class StepProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<ProcessEnd>

  constructor(command: StepCommand) {
    const [program = process.execPath, ...args] = command.argv
    this.#child = spawn(program, args, {
      // A group of its own: a signal from the terminal reaches the run first, and the step's own children end with it.
      detached: true,
      // A step whose launcher is killed ends itself: it is told whom to look for.
      env: { ...process.env, ...command.env, STACK_STEP_PARENT: String(process.pid) },
      // What a step prints is talk: stdout belongs to the program's data. The channel brings log lines as they are written.
      stdio: ['pipe', process.stderr.fd, process.stderr.fd, 'ipc'],
    })
    this.#exited = once(this.#child, 'exit').then(([exitCode, signal]) => ({ exitCode, signal }))
    this.#exited.catch(() => {})
    // A step that ended before it read its input says so by its exit.
    this.#child.stdin?.on('error', () => {})
    this.#child.stdin?.end(command.stdin)
  }

  /** Waits for the end and asks the store how it ended; an abort asks the process to end by SIGTERM. */
  async run(ref: StepRef, host: OrchestratorHost, options: { readonly signal: AbortSignal }): Promise<StepOutcome> {
    const terminate = () => this.#signal('SIGTERM')
    options.signal.addEventListener('abort', terminate, { once: true })
    if (options.signal.aborted) terminate()
    const reports: Promise<void>[] = []
    this.#child.on('message', (event) => reports.push(host.report(event as RunEvent)))
    let end: ProcessEnd
    try {
      end = await this.#exited
      await Promise.all(reports)
    } finally {
      options.signal.removeEventListener('abort', terminate)
      this.#signal('SIGKILL')
    }
    const outcome = await host.outcome(ref, end)
    return outcome.status === 'failed' && options.signal.aborted ? { status: 'cancelled' } : outcome
  }

  /** Ends the whole process group and waits until it is gone. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL')
    await this.#exited.catch(() => {})
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return
    try {
      process.kill(-this.#child.pid, signal)
    } catch (error) {
      // Gone already; macOS says EPERM of a group in which nothing lives.
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ESRCH' && code !== 'EPERM') throw error
    }
  }
}
