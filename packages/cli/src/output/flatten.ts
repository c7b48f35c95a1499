/** Nested values as lines: a path and a value each. */
import type { Cell } from './view.js'

/** The leaves of a value under dotted paths; arrays and empty objects as JSON. */
export function flatten(value: unknown, path: string): readonly (readonly [string, Cell])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${path}.${key}`))
  }
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]]
}
