/** What a check of a value against a schema finds. */
import type { Place } from './place.js'

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
  /** Everything wrong with the value of a place against a schema. */
  check(schema: unknown, place: Place): readonly SchemaProblem[]
  /** Counts work that is more than a step, in steps. */
  spend(steps: number): void
  /** " Did you mean …?", or nothing where nothing is near or too much was compared already. */
  suggest(name: string, candidates: () => readonly string[]): string
}
