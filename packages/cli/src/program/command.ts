/** What a command is: data that help and completion read, and one function that runs it. */
import type { FieldFlags } from '../flags/field-flags.js'
import type { View } from '../output/view.js'
import type { ArgumentDefinition, OptionDefinition } from './argument-definitions.js'
import type { CommandContext } from './command-context.js'
import type { ParsedArguments } from './parsed-arguments.js'

/** A command: one file of `commands/` each. */
export interface CommandDefinition {
  readonly arguments?: readonly ArgumentDefinition[]
  readonly options?: readonly OptionDefinition[]
  /** The flags that depend on a flavor or a pipeline, told by what a first, lenient reading of the arguments found. */
  readonly fields?: (first: ParsedArguments, context: CommandContext) => Promise<FieldFlags | undefined>
  readonly run: (parsed: ParsedArguments, context: CommandContext) => Promise<CommandResult>
}

/** What a command gives back to be printed. */
export interface CommandResult {
  /** The `data` of `--json`. */
  readonly data: unknown
  /** What `--quiet` prints, one a line. */
  readonly names: readonly string[]
  /** What stdout shows otherwise; nothing where absent. */
  readonly view?: View
  /** A sentence for stderr. */
  readonly message?: string
  /** 0 unless given. */
  readonly exitCode?: number
  /** What went wrong, shown on stderr beside the data: a run that failed. */
  readonly error?: unknown
}
