/** What keeps a value from being JSON that can be worked with: the door of values and of foreign documents. */

/** A fault, and the place of a value that has it. */
export interface JsonFault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

interface Entry {
  readonly value: unknown
  readonly key: string | number
  readonly above: Entry | undefined
  readonly depth: number
}

/** The first fault of a value: nested deeper than a limit, a number that JSON has not, or something else than JSON. */
export function jsonFault(root: unknown, depthLimit: number): JsonFault | undefined {
  const pending: Entry[] = [{ value: root, key: '', above: undefined, depth: 0 }]
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { value, depth } = entry
    if (typeof value === 'object' && value !== null) {
      if (depth >= depthLimit) return faultAt(entry, `is nested deeper than ${depthLimit} levels`)
      if (!isPlain(value)) return faultAt(entry, 'is no JSON value')
      // The last one is taken first: what comes first in the value is reported first.
      const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
      for (const key of keys.reverse()) {
        pending.push({ value: (value as Record<PropertyKey, unknown>)[key], key, above: entry, depth: depth + 1 })
      }
    } else {
      const fault = scalarFault(value)
      if (fault !== undefined) return faultAt(entry, fault)
    }
  }
  return undefined
}

function scalarFault(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value !== 'number') return 'is no JSON value'
  if (Number.isNaN(value)) return 'must be a number that JSON has, not NaN'
  return Number.isFinite(value) ? undefined : 'must be a number that JSON has: it is too large to be kept'
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function faultAt(entry: Entry, message: string): JsonFault {
  const path: (string | number)[] = []
  for (let at = entry; at.above !== undefined; at = at.above) path.unshift(at.key)
  return { path, message }
}
