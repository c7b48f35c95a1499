/** What a check of a value against a schema finds. */

/** One thing wrong, and where; never with the value itself, which may be a secret. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[]
  readonly keyword: string
  readonly message: string
}

/** A check under way, as those of arrays and objects use it for what is in them. */
export interface ValueCheck {
  /** Says that fields may be missing, as in a part of what will be merged. */
  readonly partial: boolean
  /** Everything wrong with a value against a schema. */
  check(schema: unknown, value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[]
}
