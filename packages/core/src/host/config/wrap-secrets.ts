/** Puts what a schema marks as secret into {@link Secret}s, and freezes what a component is given. */
import { Secret } from '../../component/secret.js'

type Path = readonly (string | number)[]

/** A copy of a parsed value with the strings at some paths as secrets. */
export function wrapSecrets(value: unknown, paths: readonly Path[]): unknown {
  const marked = new Set(paths.map((path) => JSON.stringify(path)))
  const wrap = (node: unknown, path: Path): unknown => {
    if (typeof node === 'string') return marked.has(JSON.stringify(path)) ? new Secret(node) : node
    if (Array.isArray(node)) return node.map((item, index) => wrap(item, [...path, index]))
    if (!isPlainObject(node)) return node
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, wrap(inner, [...path, key])]))
  }
  return marked.size === 0 ? value : wrap(value, [])
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
