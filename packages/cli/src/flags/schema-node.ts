/** Walks a JSON Schema along the path of a flag. */
import { findKey } from './field-name.js'

/** A JSON Schema, or a part of one, as far as flags read it. */
export type SchemaNode = { readonly [keyword: string]: unknown }

/** A place in a schema: the key in the schema's spelling and what may stand there, undefined where anything may. */
export interface SchemaStep {
  readonly key: string
  readonly node: SchemaNode | undefined
}

/** The JSON types that a node accepts; empty where it does not say. */
export function typesOf(node: SchemaNode | undefined, root: SchemaNode): ReadonlySet<string> {
  const types = new Set<string>()
  for (const option of optionsOf(node, root)) {
    if (typeof option.type === 'string') types.add(option.type)
    else if (Array.isArray(option.type)) for (const type of option.type) types.add(String(type))
    else if (Array.isArray(option.enum)) for (const value of option.enum) types.add(jsonType(value))
    else if ('const' in option) types.add(jsonType(option.const))
  }
  return types
}

/** One step from a node to a property; undefined where the schema has no such property. */
export function stepInto(node: SchemaNode | undefined, segment: string, root: SchemaNode): SchemaStep | undefined {
  if (segment === '' || segment === '__proto__') return undefined
  if (node === undefined) return { key: segment, node: undefined }
  const options = optionsOf(node, root)
  for (const option of options) {
    const properties = asNode(option.properties)
    const key = properties === undefined ? undefined : findKey(Object.keys(properties), segment)
    if (key !== undefined) return { key, node: asNode(properties?.[key]) }
  }
  for (const option of options) {
    const rest = asNode(option.additionalProperties)
    if (rest !== undefined) return { key: segment, node: Object.keys(rest).length === 0 ? undefined : rest }
    const isOpen = option.additionalProperties !== false
    if (isOpen && (option.type === 'object' || option.type === undefined) && option.$ref === undefined) {
      return { key: segment, node: undefined }
    }
  }
  return undefined
}

/** What the items of an array node are. */
export function itemsOf(node: SchemaNode | undefined, root: SchemaNode): SchemaNode | undefined {
  for (const option of optionsOf(node, root)) {
    const items = asNode(option.items)
    if (items !== undefined) return items
  }
  return undefined
}

/** The node itself, or what its `$ref`, `anyOf` and `oneOf` offer in its place. */
function optionsOf(node: SchemaNode | undefined, root: SchemaNode, depth = 0): readonly SchemaNode[] {
  if (node === undefined || depth > 20) return []
  if (typeof node.$ref === 'string') return optionsOf(follow(node.$ref, root), root, depth + 1)
  const offered = [node.anyOf, node.oneOf, node.allOf].flatMap((list) => (Array.isArray(list) ? list : []))
  if (offered.length === 0) return [node]
  return offered.flatMap((option) => optionsOf(asNode(option), root, depth + 1))
}

/** A local reference, `#/$defs/name`. */
function follow(reference: string, root: SchemaNode): SchemaNode | undefined {
  let node: unknown = root
  for (const segment of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    node = asNode(node)?.[segment.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return asNode(node)
}

function asNode(value: unknown): SchemaNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SchemaNode) : undefined
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
