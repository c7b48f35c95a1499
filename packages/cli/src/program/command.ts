/** What a command is: data that help and completion read, and one function that runs it. */
import type { FieldFlags } from '../flags/field-flags.js'
import type { FieldValue } from '../flags/field-value.js'
import type { View } from '../output/view.js'
import type { CommandContext } from './command-context.js'

/** An operand of a command. */
export interface ArgumentDefinition {
  readonly name: string
  readonly summary: string
  readonly optional?: boolean
  /** Takes all that follow; the last operand only. */
  readonly repeated?: boolean
}

/** A flag of the program itself; the fields of a flavor are {@link FieldFlags}. */
export interface OptionDefinition {
  readonly name: string
  readonly short?: string
  /** What its value is called in help; absent for a flag that is on or off. */
  readonly value?: string
  readonly summary: string
}

/** What was typed after the words of a command. */
export interface ParsedArguments {
  readonly operands: readonly string[]
  /** Values in the order given; an empty string for a flag without value. */
  readonly options: ReadonlyMap<string, readonly string[]>
  readonly fields: readonly FieldValue[]
  /** The schemas the fields were found in. */
  readonly fieldFlags?: FieldFlags
}

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

/** The value of an option, the last one given. */
export function optionValue(parsed: ParsedArguments, name: string): string | undefined {
  return parsed.options.get(name)?.at(-1)
}

/** Whether an option was given. */
export function hasOption(parsed: ParsedArguments, name: string): boolean {
  return parsed.options.has(name)
}

/** An operand that the definition requires. */
export function operand(parsed: ParsedArguments, index: number): string {
  return parsed.operands[index] ?? ''
}
