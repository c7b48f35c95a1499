/** JSON as a careless or hostile program might write it: a value that was valid, with some places changed. */
import fc from 'fast-check'
import { hostileText } from './hostile-text.js'

type Container = Record<string, unknown> | unknown[]

interface Edit {
  readonly act: 'remove' | 'replace' | 'add' | 'nest'
  /** Which place: counted over all of the value, modulo how many there are. */
  readonly place: number
  readonly name: string
  readonly value: unknown
}

/** A value of JSON that may be anything, numbers beyond what is exact among them. */
export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53, -(2 ** 63), 9e15, 1e308, [], {}, [[]]),
  hostileText,
  fc.jsonValue({ maxDepth: 3 }),
)

/** A valid value in which one to four places were removed, replaced, added or nested; or something else entirely. */
export function damagedJson(valid: unknown): fc.Arbitrary<unknown> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    act: fc.constantFrom('remove', 'replace', 'replace', 'add', 'nest'),
    place: fc.nat(),
    name: fc.oneof(hostileText, fc.constantFrom('name', 'type', 'value', 'version', '__proto__')),
    value: strangeValue,
  })
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce<unknown>(applyEdit, structuredClone(valid)))
  return fc.oneof({ weight: 9, arbitrary: edited }, { weight: 1, arbitrary: strangeValue })
}

function applyEdit(value: unknown, { act, place, name, value: given }: Edit): unknown {
  const root = { value }
  const places = placesIn(root)
  const chosen = places[place % places.length]
  if (chosen === undefined) return value
  const [container, key] = chosen
  if (act === 'remove' && container !== root) remove(container, key)
  else if (act === 'add' && isContainer(at(container, key)))
    put(at(container, key) as Container, name, structuredClone(given))
  else if (act === 'nest') put(container, key, [at(container, key)])
  else put(container, key, structuredClone(given))
  return root.value
}

/** Every place of a value, the outermost first. */
function placesIn(container: Container): [Container, string][] {
  return Object.keys(container).flatMap((key) => {
    const inner = at(container, key)
    return [[container, key], ...(isContainer(inner) ? placesIn(inner) : [])] as [Container, string][]
  })
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

function at(container: Container, key: string): unknown {
  return (container as Record<string, unknown>)[key]
}

function remove(container: Container, key: string): void {
  if (Array.isArray(container)) container.splice(Number(key), 1)
  else delete container[key]
}

/** As JSON.parse does: `__proto__` becomes a property, never a prototype. */
function put(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) {
    const index = Number(key)
    if (Number.isInteger(index) && index >= 0 && index < container.length) container[index] = value
    else container.push(value)
  } else {
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
  }
}
