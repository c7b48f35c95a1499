/** What was typed, read by the definitions of a command. */
import type { FieldFlags } from '../flags/field-flags.js'
import type { FieldValue } from '../flags/field-value.js'

/** What was typed after the words of a command. */
export interface ParsedArguments {
  readonly operands: readonly string[]
  /** Values in the order given; an empty string for a flag without value. */
  readonly options: ReadonlyMap<string, readonly string[]>
  readonly fields: readonly FieldValue[]
  /** The schemas the fields were found in. */
  readonly fieldFlags?: FieldFlags
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
