/** The fields of a config or settings schema, as flags, help and descriptions show them. */
import { plainText } from '../../flavor/plain-text.js'
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'

/** One field of a schema. */
export interface FieldDescription {
  /** Dotted path, in the schema's own spelling. */
  readonly name: string
  /** `string`, `integer`, `number`, `boolean`, `enum`, `array`, `object`, `null`, `any`, or several joined by ` | `. */
  readonly type: string
  readonly required: boolean
  readonly default?: unknown
  readonly secret: boolean
  readonly description?: string
  /** The values an `enum` field may have. */
  readonly enum?: readonly unknown[]
}

const depthLimit = 5

/** Every field, in the schema's order; a nested object with declared fields stands as these. */
export function describeFields(schema: JsonSchema): readonly FieldDescription[] {
  return fieldsOf(schema, schema, { prefix: '', required: true, depth: 0 })
}

interface Place {
  readonly prefix: string
  /** Whether the object itself must be given. */
  readonly required: boolean
  readonly depth: number
}

function fieldsOf(root: JsonSchema, schema: JsonSchema, place: Place): readonly FieldDescription[] {
  const { properties, required } = schema
  if (!isJsonObject(properties)) return []
  const requiredNames: readonly unknown[] = Array.isArray(required) ? required : []
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = place.prefix + plainText(key, 200)
    const isRequired = place.required && requiredNames.includes(key)
    const node = follow(root, property)
    const nested =
      place.depth < depthLimit && typesOf(root, node).includes('object')
        ? fieldsOf(root, node, { prefix: `${name}.`, required: isRequired, depth: place.depth + 1 })
        : []
    return nested.length > 0 ? nested : [describe(root, node, name, isRequired)]
  })
}

function describe(root: JsonSchema, node: JsonSchema, name: string, required: boolean): FieldDescription {
  const values = valuesOf(root, node)
  const description = plainText(node.description, 1000)
  return {
    name,
    type: values === undefined ? typesOf(root, node).join(' | ') : 'enum',
    // A field with a default need not be given, whatever the schema's `required` says of its output.
    required: required && node.default === undefined,
    ...(node.default === undefined ? {} : { default: safe(node.default) }),
    secret: isSecretField(root, node, 0),
    ...(description === '' ? {} : { description }),
    ...(values === undefined ? {} : { enum: values.map(safe) }),
  }
}

/** A schema with its local references followed. */
function follow(root: JsonSchema, value: unknown): JsonSchema {
  let node = value
  for (let hops = 0; hops < 20; hops += 1) {
    if (!isJsonObject(node)) return {}
    if (typeof node.$ref !== 'string') return node
    const target = resolveRef(root, node.$ref)
    const { $ref: _, ...beside } = node
    node = isJsonObject(target) ? { ...target, ...beside } : beside
  }
  return {}
}

function branchesOf(root: JsonSchema, node: JsonSchema): readonly JsonSchema[] {
  return [node.anyOf, node.oneOf].flatMap((list) =>
    Array.isArray(list) ? list.map((branch) => follow(root, branch)) : [],
  )
}

function typesOf(root: JsonSchema, node: JsonSchema, depth = 0): readonly string[] {
  if (typeof node.type === 'string') return [node.type]
  if (Array.isArray(node.type)) return node.type.filter((type) => typeof type === 'string')
  const branches = depth < depthLimit ? branchesOf(root, node) : []
  if (branches.length > 0) return [...new Set(branches.flatMap((branch) => typesOf(root, branch, depth + 1)))]
  return isJsonObject(node.properties) ? ['object'] : ['any']
}

/** The closed list of values of a field, where it has one. */
function valuesOf(root: JsonSchema, node: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(node.enum)) return node.enum
  if (node.const !== undefined) return [node.const]
  const branches = branchesOf(root, node)
  if (branches.length === 0) return undefined
  const values = branches.map((branch) =>
    Array.isArray(branch.enum) ? branch.enum : branch.const === undefined ? undefined : [branch.const],
  )
  return values.every((list) => list !== undefined) ? values.flat() : undefined
}

function isSecretField(root: JsonSchema, node: JsonSchema, depth: number): boolean {
  if (node.writeOnly === true) return true
  if (depth >= depthLimit) return false
  const inside = [node.items, node.additionalProperties, ...branchesOf(root, node)]
  return inside.some((child) => isJsonObject(child) && isSecretField(root, follow(root, child), depth + 1))
}

/** A value of a package's schema without anything a terminal would obey. */
function safe(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value, 1000)
  if (Array.isArray(value)) return value.map(safe)
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key, 200), safe(inner)]))
  return value
}
