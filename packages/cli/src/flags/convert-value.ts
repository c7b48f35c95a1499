/** Turns the text of a flag into the JSON value its schema asks for. */
import type { JsonValue } from '@stack/core'
import { itemsOf, type SchemaNode, typesOf } from './schema-node.js'

/**
 * Converts the texts given for one field. What does not convert stays text, so that the check of the whole value
 * reports it together with everything else.
 */
export function convertValues(texts: readonly string[], node: SchemaNode | undefined, root: SchemaNode): JsonValue {
  const types = typesOf(node, root)
  const last = texts.at(-1) ?? ''
  if (!types.has('array')) return convertText(last, types)
  if (texts.length === 1) {
    const whole = parseJson(last)
    if (Array.isArray(whole)) return whole as JsonValue
    if (types.has('string')) return last
  }
  const itemTypes = typesOf(itemsOf(node, root), root)
  return texts.map((text) => convertText(text, itemTypes))
}

function convertText(text: string, types: ReadonlySet<string>): JsonValue {
  if (types.size === 0) return parseJson(text) ?? (text === 'null' ? null : text)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.has('number') || types.has('integer')) {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  }
  if (types.has('null') && text === 'null') return null
  if (types.has('object') || types.has('array')) {
    const value = parseJson(text)
    if (typeof value === 'object' && value !== null) return value
  }
  return text
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
