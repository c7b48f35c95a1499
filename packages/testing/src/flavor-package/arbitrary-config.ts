/** Generates values for a JSON Schema: most of them right, the others wrong in one place. */
import fc from 'fast-check'

type Schema = Readonly<Record<string, unknown>>

const depthLimit = 6

/** Configs near a schema: as it asks, and with a field missing, unknown, of another type or beyond a bound. */
export function arbitraryConfig(schema: Schema): fc.Arbitrary<unknown> {
  const right = arbitraryOf(schema, schema, 0)
  const wrong = fc.tuple(right, fc.nat(), fc.constantFrom(...mutations)).map(([value, place, mutate]) => {
    return mutateAt(value, place, mutate)
  })
  return fc.oneof(
    { weight: 2, arbitrary: right },
    { weight: 3, arbitrary: wrong },
    fc.constantFrom<unknown>({}, [], null, 'x', 1),
  )
}

/** What is put in the place of a value; undefined takes it away. */
const mutations: readonly ((value: unknown) => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 'other',
  () => 'x'.repeat(300),
  () => 0,
  () => -1,
  () => 0.5,
  () => 1e9,
  () => true,
  () => [],
  () => ['x', 'x'],
  () => ({}),
  (value) => (isObject(value) ? { ...value, unknownField: 1 } : { unknownField: 1 }),
  (value) => (Array.isArray(value) ? [...value, ...value] : [value]),
]

function mutateAt(value: unknown, place: number, mutate: (value: unknown) => unknown): unknown {
  const keys = Array.isArray(value) || isObject(value) ? Object.keys(value) : []
  const choice = place % (keys.length + 1)
  const key = keys[choice]
  if (key === undefined) return mutate(value) ?? {}
  const inner = (value as Record<string, unknown>)[key]
  const changed =
    isObject(inner) || Array.isArray(inner)
      ? mutateAt(inner, Math.floor(place / (keys.length + 1)), mutate)
      : mutate(inner)
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? (changed ?? null) : item))
  const entries = Object.entries(value as object).filter(([name]) => name !== key)
  return Object.fromEntries(changed === undefined ? entries : [...entries, [key, changed]])
}

function arbitraryOf(root: Schema, node: unknown, depth: number): fc.Arbitrary<unknown> {
  if (!isObject(node) || depth > depthLimit) return fc.constantFrom<unknown>('x', 1, true)
  if (typeof node.$ref === 'string') return arbitraryOf(root, follow(root, node.$ref), depth + 1)
  if (node.const !== undefined) return fc.constant(node.const)
  if (Array.isArray(node.enum)) return fc.constantFrom<unknown>(...node.enum)
  const branches = [node.anyOf, node.oneOf].find((list) => Array.isArray(list)) as readonly unknown[] | undefined
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => arbitraryOf(root, branch, depth + 1)))
  const types = [node.type ?? 'string'].flat().map(String)
  return fc.oneof(...types.map((type) => arbitraryOfType(root, node, type, depth)))
}

function arbitraryOfType(root: Schema, node: Schema, type: string, depth: number): fc.Arbitrary<unknown> {
  if (type === 'object') return arbitraryObject(root, node, depth)
  if (type === 'array') return arbitraryArray(root, node, depth)
  if (type === 'string') return arbitraryString(node)
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  return arbitraryNumber(node, type === 'integer')
}

function arbitraryObject(root: Schema, node: Schema, depth: number): fc.Arbitrary<unknown> {
  const required = (node.required ?? []) as string[]
  const properties = Object.entries(isObject(node.properties) ? node.properties : {})
  const declared = fc.record(
    Object.fromEntries(properties.map(([key, inner]) => [key, arbitraryOf(root, inner, depth + 1)])),
    { requiredKeys: required.filter((key) => properties.some(([name]) => name === key)) },
  )
  if (!isObject(node.additionalProperties)) return declared
  const keys = isObject(node.propertyNames)
    ? arbitraryOf(root, node.propertyNames, depth + 1)
    : fc.constantFrom('a', 'b')
  const others = fc.dictionary(keys.map(String), arbitraryOf(root, node.additionalProperties, depth + 1), {
    maxKeys: 3,
  })
  return fc.tuple(others, declared).map(([some, own]) => ({ ...some, ...own }))
}

function arbitraryArray(root: Schema, node: Schema, depth: number): fc.Arbitrary<unknown> {
  const prefix = (node.prefixItems ?? []) as readonly unknown[]
  const minLength = Math.max(0, Number(node.minItems ?? 0) - prefix.length)
  const rest = isObject(node.items)
    ? fc.array(arbitraryOf(root, node.items, depth + 1), {
        minLength,
        maxLength: Math.min(Number(node.maxItems ?? minLength + 3), minLength + 3),
      })
    : fc.constant([])
  return fc
    .tuple(fc.tuple(...prefix.map((item) => arbitraryOf(root, item, depth + 1))), rest)
    .map(([first, more]) => [...first, ...more])
}

function arbitraryString(node: Schema): fc.Arbitrary<unknown> {
  const patterns = [node, ...((node.allOf ?? []) as readonly Schema[])].flatMap(({ pattern }) =>
    typeof pattern === 'string' ? [pattern] : [],
  )
  const minLength = Number(node.minLength ?? 0)
  const bounded = fc.string({
    minLength,
    maxLength: Math.min(Number(node.maxLength ?? minLength + 12), minLength + 60),
  })
  const [pattern] = patterns
  if (pattern !== undefined) return fc.oneof({ weight: 4, arbitrary: fc.stringMatching(new RegExp(pattern)) }, bounded)
  return node.format === 'uri' ? fc.oneof(fc.webUrl(), bounded) : bounded
}

function arbitraryNumber(node: Schema, isInteger: boolean): fc.Arbitrary<unknown> {
  const min = Number(node.minimum ?? node.exclusiveMinimum ?? -1000)
  const max = Number(node.maximum ?? node.exclusiveMaximum ?? Math.max(min, 0) + 1000)
  const edges = fc.constantFrom(min, max, min - 1, max + 1)
  const integers = fc.integer({
    min: Math.ceil(Math.max(min, -(2 ** 31))),
    max: Math.floor(Math.min(max, 2 ** 31 - 1)),
  })
  if (isInteger || typeof node.multipleOf === 'number') return fc.oneof(integers, edges)
  return fc.oneof(integers, edges, fc.double({ min, max, noNaN: true, noDefaultInfinity: true }))
}

function follow(root: Schema, ref: string): unknown {
  let node: unknown = root
  for (const key of ref.slice(1).split('/').slice(1))
    node = isObject(node) ? node[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return node
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
