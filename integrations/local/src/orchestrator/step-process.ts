/** A step that runs in a process of its own, as the leader of its own process group. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { OrchestratorHost, ProcessEnd, RunEvent, StepOutcome, StepRef } from '@stack/core'
import { ChildChannel } from './child-channel.js'

/** Where the process finds Node's channel for messages, and the one for its log. */
const messageDescriptor = 3
const logDescriptor = 4

export class StepProcess {
  readonly #ref: StepRef
  readonly #host: OrchestratorHost
  readonly #child: ChildProcess
  readonly #channels: readonly ChildChannel[]
  readonly #exited: Promise<ProcessEnd>

  constructor(ref: StepRef, host: OrchestratorHost) {
    this.#ref = ref
    this.#host = host
    const { argv, env, stdin } = host.command(ref, { logDescriptor })
    const [program = process.execPath, ...args] = argv
    this.#child = spawn(program, args, {
      // A group of its own: a signal from the terminal reaches the run first, and the step's own children end with it.
      detached: true,
      env: {
        ...process.env,
        ...env,
        // A step whose launcher is killed ends itself: it is told whom to look for.
        STACK_STEP_PARENT: String(process.pid),
        // As `fork` would, but the messages are read here: in Node's own reader a child can throw an error that nothing catches.
        NODE_CHANNEL_FD: String(messageDescriptor),
        NODE_CHANNEL_SERIALIZATION_MODE: 'json',
      },
      // What a step prints is talk: stdout belongs to the program's data.
      stdio: ['pipe', process.stderr.fd, process.stderr.fd, 'pipe', 'pipe'],
    })
    this.#exited = once(this.#child, 'exit').then(([exitCode, signal]) => ({ exitCode, signal }))
    this.#exited.catch(() => {})
    // What is said after the first error, such as that the process did not start, is no reason to end this one.
    this.#child.on('error', () => {})
    // A step that ended before it read its input says so by its exit.
    this.#child.stdin?.on('error', () => {})
    this.#child.stdin?.end(stdin)
    // The host takes lines of this attempt and ignores the rest: how the attempt ended is asked of the store alone.
    const report = (message: unknown) => host.report(message as RunEvent)
    this.#channels = [messageDescriptor, logDescriptor].map(
      (descriptor) => new ChildChannel(this.#child.stdio[descriptor] as Readable, report),
    )
  }

  /** Waits for the end and asks the store how it ended; an abort asks the process to end by SIGTERM. */
  async run(options: { readonly signal: AbortSignal }): Promise<StepOutcome> {
    const terminate = () => this.#signal('SIGTERM')
    options.signal.addEventListener('abort', terminate, { once: true })
    if (options.signal.aborted) terminate()
    let end: ProcessEnd
    try {
      end = await this.#exited
    } finally {
      options.signal.removeEventListener('abort', terminate)
      this.#signal('SIGKILL')
    }
    await Promise.all(this.#channels.map((channel) => channel.finish()))
    const outcome = await this.#host.outcome(this.#ref, end)
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
