/** References to attempts: what travels through an engine in place of values. */

/** One attempt at one invocation of one run. */
export interface StepRef {
  readonly protocol: 1
  readonly run: string
  readonly invocation: string
  /** Counts from 1. */
  readonly attempt: number
  /** Unique to the attempt; a commit carries it, so that one's own write, answered too late, is recognised. */
  readonly token: string
}

/** How to run an attempt as a process of its own: `stack-step` with everything it needs on stdin. */
export interface StepCommand {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string
}

/** How the launcher of an attempt wants its process to be. */
export interface StepCommandOptions {
  /**
   * A file descriptor, open for writing in the process, over which it sends its lines in place of keeping them in the store:
   * one JSON object a line. The launcher reports each, awaits that, and the host keeps it. A process whose lines nobody takes
   * waits, so that a flood of them fills no memory.
   */
  readonly logDescriptor?: number
}
