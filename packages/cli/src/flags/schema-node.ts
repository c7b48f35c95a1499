/** Walks a JSON Schema along the path of a flag. */
import { resolveRef } from '@stack/core/host'
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
    const key = properties === undefined ? undefined : findKey(properties, segment)
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

/** By the root, since a reference means something else under another one. */
const known = new WeakMap<SchemaNode, Map<SchemaNode, readonly SchemaNode[]>>()

/** The node itself, or what its `$ref`, `anyOf`, `oneOf` and `allOf` offer in its place: each once, whatever leads back. */
function optionsOf(node: SchemaNode | undefined, root: SchemaNode): readonly SchemaNode[] {
  if (node === undefined) return []
  const ofRoot = known.get(root) ?? new Map()
  known.set(root, ofRoot)
  const options = ofRoot.get(node) ?? findOptions(node, root)
  ofRoot.set(node, options)
  return options
}

function findOptions(node: SchemaNode, root: SchemaNode): readonly SchemaNode[] {
  const options: SchemaNode[] = []
  const seen = new Set<SchemaNode>()
  const pending: (SchemaNode | undefined)[] = [node]
  while (pending.length > 0) {
    const next = pending.pop()
    if (next === undefined || seen.has(next)) continue
    seen.add(next)
    if (typeof next.$ref === 'string') {
      pending.push(asNode(resolveRef(root, next.$ref)))
      continue
    }
    const offered = [next.anyOf, next.oneOf, next.allOf].flatMap((list) =>
      Array.isArray(list) ? (list as readonly unknown[]) : [],
    )
    if (offered.length === 0) options.push(next)
    for (const option of offered.reverse()) pending.push(asNode(option))
  }
  return options
}

function asNode(value: unknown): SchemaNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SchemaNode) : undefined
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
