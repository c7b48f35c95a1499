/** JSON Schema 2020-12 as data: what it is to a program that interprets it. */

/** An object schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** Says whether a value is an object schema or any other JSON object. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema a local `$ref` points at, undefined where there is none. */
export function resolveRef(root: JsonSchema, ref: string): JsonSchema | boolean | undefined {
  if (!ref.startsWith('#')) return undefined
  let node: unknown = root
  for (const segment of ref.slice(1).split('/').slice(1)) {
    const key = decodeSegment(segment)
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<string, unknown>)[key]
  }
  return isJsonObject(node) || typeof node === 'boolean' ? node : undefined
}

/** The own schema under a key of `properties`, undefined where there is none. */
export function propertySchema(schema: JsonSchema, key: string): JsonSchema | boolean | undefined {
  const { properties } = schema
  if (!isJsonObject(properties) || !Object.hasOwn(properties, key)) return undefined
  const property = properties[key]
  return isJsonObject(property) || typeof property === 'boolean' ? property : undefined
}

function decodeSegment(segment: string): string {
  let text = segment
  try {
    text = decodeURIComponent(segment)
  } catch {
    // A segment that is no URI encoding stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}
