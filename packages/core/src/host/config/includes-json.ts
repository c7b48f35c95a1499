/** Membership in long lists of JSON values. */
import { equalJson } from './equal-json.js'

interface Members {
  readonly scalars: ReadonlySet<unknown>
  readonly others: readonly unknown[]
}

const membersOf = new WeakMap<readonly unknown[], Members>()

/** Whether one of a list's values is the same value. Scalars are looked up: a list of a schema may be long and asked often. */
export function includesJson(list: readonly unknown[], value: unknown): boolean {
  const { scalars, others } = membersOf.get(list) ?? sort(list)
  if (typeof value !== 'object' || value === null) return scalars.has(value)
  return others.some((item) => equalJson(item, value))
}

function sort(list: readonly unknown[]): Members {
  const isScalar = (item: unknown): boolean => typeof item !== 'object' || item === null
  const members = {
    scalars: new Set(list.filter(isScalar)),
    others: list.filter((item) => !isScalar(item)),
  }
  membersOf.set(list, members)
  return members
}
