/** A value given by a flag for a field of a config, of settings, or of parameters. */

/** One `--path=value` as typed, its place already found in the schema. */
export interface FieldValue {
  /** Which object the field belongs to: `config`, `settings`, `param`. */
  readonly target: string
  /** Keys in the schema's own spelling. */
  readonly path: readonly string[]
  /** What was typed after the flag, before `@file` and conversion. */
  readonly text: string
  /** The flag as typed, for messages. */
  readonly flag: string
}
