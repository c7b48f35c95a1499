/** What a command is given beside its arguments. */

import type { Warning } from '@stack/core/host'
import type { Project } from '@stack/project'
import type { Terminal } from '../output/terminal.js'
import type { GlobalFlags } from './global-options.js'

/** How a command wants its project. */
export interface ProjectAccess {
  /** The command writes: where the directory is no project yet, it becomes one. */
  readonly write?: boolean
}

/** The surroundings of one command. */
export interface CommandContext {
  /** The words that named it, `stack artifact-store register`. */
  readonly words: string
  readonly flags: GlobalFlags
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  /** Tells the person something: in the envelope of `--json`, else on stderr. */
  warn(warning: Warning): void
  /** Opens the project around the current directory, once; the program closes it. */
  project(access?: ProjectAccess): Promise<Project>
  /** Makes what must not outlive the command end with it. */
  onEnd(end: () => unknown): void
}
