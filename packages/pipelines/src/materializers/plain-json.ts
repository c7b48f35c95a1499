/** Plain JSON: for values that JSON gives back exactly as they were. */
import { StackError } from '@stack/core'
import { defineMaterializer } from './materializer.js'

/** Nesting beyond which a value is not taken for plain; it may be a circle. */
export const maximumDepth = 1000

/** The materializer of values that are JSON already; other tools read what it writes. */
export const jsonMaterializer = defineMaterializer<unknown>({
  name: 'json',
  mediaType: 'application/json',
  matches: (value) => isPlainJson(value),
  save: (value) => JSON.stringify(value),
  load: async (content) => parsePlainJson(await content.text()),
})

function parsePlainJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new StackError('invalid-input', 'it is not JSON')
  }
}

/**
 * Whether `JSON.parse(JSON.stringify(value))` equals the value in every respect but object identity: no undefined, NaN,
 * infinity or −0, no holes, no symbols, no lone surrogates, only plain objects and arrays with nothing else on them.
 */
export function isPlainJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
      return isWellFormed(value)
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      if (value === null) return true
      if (depth > maximumDepth) return false
      return Array.isArray(value) ? isPlainArray(value, depth + 1) : isPlainRecord(value, depth + 1)
    default:
      return false
  }
}

/** Whether an object was written as a literal: `Object.prototype` is its prototype, in this realm or another. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return true
  return prototype !== null && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

/** Whether text has no surrogate without its pair, which UTF-8 cannot say. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function isPlainArray(items: readonly unknown[], depth: number): boolean {
  // A hole reads as undefined, which is not plain.
  for (const item of items) if (!isPlainJson(item, depth)) return false
  return Reflect.ownKeys(items).length === items.length + 1
}

function isPlainRecord(record: object, depth: number): boolean {
  if (!isPlainObject(record) || Object.getOwnPropertySymbols(record).length > 0) return false
  const fields = record as Record<string, unknown>
  for (const key of Object.keys(fields)) {
    if (!isWellFormed(key) || !isPlainJson(fields[key], depth)) return false
  }
  return true
}
