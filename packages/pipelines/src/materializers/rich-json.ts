/** Richer JSON: Date, Map, Set, BigInt, typed arrays, undefined, −0, circles and shared references, written by devalue. */
import { isStackError, StackError } from '@stack/core'
import { DevalueError, parse, stringify } from 'devalue'
import { defineMaterializer } from './materializer.js'

/** The materializer of values that plain JSON would change. */
export const richJsonMaterializer = defineMaterializer<unknown>({
  name: 'rich-json',
  mediaType: 'application/vnd.stack.rich+json',
  matches: () => true,
  save: (value) => stringifyRich(value),
  load: async (content) => parseRich(await content.text()),
})

/**
 * Writes a value as JSON text that {@link parseRich} reads back exactly.
 * @throws StackError `invalid-output` naming the path of what cannot be written.
 */
export function stringifyRich(value: unknown): string {
  try {
    const text = stringify(value, undefined, { operations: { tagOf, shapeOf } })
    // The shortest form, which parsing and writing again gives too: what an inlined value is hashed by.
    return JSON.stringify(JSON.parse(text))
  } catch (error) {
    if (isStackError(error)) throw error
    if (error instanceof DevalueError) throw unwritable(error.path, describe(error.value))
    if (error instanceof RangeError) throw unwritable('', 'a value nested too deeply or too large for JSON')
    throw error
  }
}

/**
 * Reads what {@link stringifyRich} wrote.
 * @throws StackError `invalid-input` for anything else, its message the bare reason.
 */
export function parseRich(text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new StackError('invalid-input', 'it is not rich JSON', { cause })
  }
}

/** The classes devalue writes; an instance of a subclass would come back as something else. */
const builtins: readonly (abstract new (...values: never) => object)[] = [
  Date,
  Map,
  Set,
  RegExp,
  URL,
  URLSearchParams,
  ArrayBuffer,
  DataView,
  Number,
  String,
  Boolean,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]
const prototypes = new Map<unknown, string>([
  ...builtins.map((builtin) => [builtin.prototype, builtin.name] as const),
  [BigInt.prototype, 'BigInt'],
])

/** What devalue takes a value for: `Object` for all that has to be a plain object, which `shapeOf` then checks. */
function tagOf(value: object): string {
  if (Array.isArray(value)) return hasNamedFields(value) ? 'Object' : 'Array'
  if (Buffer.isBuffer(value)) return 'Uint8Array'
  return prototypes.get(Object.getPrototypeOf(value)) ?? 'Object'
}

type Shape = { kind: 'plain' | 'null-proto'; keys: string[] } | { kind: 'symbol-keys' } | { kind: 'not-plain' }

function shapeOf(value: object): Shape {
  const prototype = Object.getPrototypeOf(value)
  const plain = prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
  if (!plain || Array.isArray(value)) return { kind: 'not-plain' }
  if (Object.getOwnPropertySymbols(value).length > 0) return { kind: 'symbol-keys' }
  return { kind: prototype === null ? 'null-proto' : 'plain', keys: Object.keys(value) }
}

/** Whether an array has other fields than its items. */
function hasNamedFields(items: readonly unknown[]): boolean {
  const last = Object.keys(items).at(-1)
  return last !== undefined && !/^\d+$/.test(last)
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  if (Array.isArray(value)) return 'an array with named fields'
  if ('then' in value && typeof value.then === 'function') return 'a promise'
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object'
  if (name !== 'Object') return `an instance of ${name}`
  return Object.hasOwn(value, '__proto__') ? 'an object with the key __proto__' : 'an object with symbols as keys'
}

function unwritable(path: string, what: string): StackError {
  const at = path.replace(/^\./, '')
  return new StackError('invalid-output', `${at === '' ? 'It' : at} is ${what}, which cannot be stored.`, {
    hint: 'Give plain data, or attach a materializer to the output: step({ materializers: { … } }).',
    problems: [{ path: at, message: `${what} cannot be stored` }],
  })
}
