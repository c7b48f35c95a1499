/** A place in a value that is checked. */
import type { SchemaProblem } from './schema-problem.js'

/** A value with its path, and what each schema found wrong with it, so that none is asked twice. */
export class Place {
  readonly value: unknown
  readonly path: readonly (string | number)[]
  /** By the identity of a schema; `pending` while it is being asked. */
  readonly verdicts = new Map<unknown, readonly SchemaProblem[] | 'pending'>()
  #children: Map<string | number, Place> | undefined

  constructor(value: unknown, path: readonly (string | number)[]) {
    this.value = value
    this.path = path
  }

  /** The place of a key or an index of the value, always the same one. */
  child(key: string | number): Place {
    this.#children ??= new Map()
    const known = this.#children.get(key)
    if (known !== undefined) return known
    const child = new Place((this.value as Record<PropertyKey, unknown>)[key], [...this.path, key])
    this.#children.set(key, child)
    return child
  }
}
