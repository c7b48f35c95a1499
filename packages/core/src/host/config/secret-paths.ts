/** Finds where in a value its schema marks secrets. */
import { SchemaCheck } from './check-schema.js'
import { isJsonObject, type JsonSchema, propertySchema, resolveRef } from './json-schema.js'
import { matchesPattern } from './patterns.js'
import { isReference } from './references.js'

type Path = readonly (string | number)[]

/** The places of a value that hold secrets: strings, at any depth. */
export function secretPaths(root: JsonSchema, value: unknown): readonly Path[] {
  const found = new Map<string, Path>()
  collect({ root, found }, root, value, [], 0)
  return [...found.values()]
}

interface Search {
  readonly root: JsonSchema
  readonly found: Map<string, Path>
}

function collect(search: Search, schema: unknown, value: unknown, path: Path, hops: number): void {
  if (!isJsonObject(schema) || hops > 100) return
  if (schema.writeOnly === true) {
    for (const leaf of stringsIn(value, path)) search.found.set(JSON.stringify(leaf), leaf)
    return
  }
  if (typeof schema.$ref === 'string') collect(search, resolveRef(search.root, schema.$ref), value, path, hops + 1)
  for (const part of [schema.allOf, schema.then, schema.else].flat()) collect(search, part, value, path, hops + 1)
  for (const branches of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(branches))
      for (const branch of meant(search, branches, value)) collect(search, branch, value, path, hops + 1)
  }
  if (Array.isArray(value)) {
    const prefix: readonly unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
    for (const [index, item] of value.entries()) {
      collect(search, index < prefix.length ? prefix[index] : schema.items, item, [...path, index], 0)
    }
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      for (const child of childSchemas(schema, key)) collect(search, child, inner, [...path, key], 0)
    }
  }
}

/** The branches of a union that a value is of; all of them where it is of none, so that no secret is missed. */
function meant(search: Search, branches: readonly unknown[], value: unknown): readonly unknown[] {
  const check = new SchemaCheck(search.root, { isUnknown: isReference })
  const fitting = branches.filter((branch) => check.check(branch, value, []).length === 0)
  return fitting.length > 0 ? fitting : branches
}

function childSchemas(schema: JsonSchema, key: string): readonly unknown[] {
  const declared = propertySchema(schema, key)
  const matching = Object.entries(isJsonObject(schema.patternProperties) ? schema.patternProperties : {})
    .filter(([pattern]) => matchesPattern(pattern, key))
    .map(([, inner]) => inner)
  const own = declared === undefined ? matching : [declared, ...matching]
  return own.length > 0 ? own : [schema.additionalProperties]
}

function stringsIn(value: unknown, path: Path): readonly Path[] {
  if (typeof value === 'string') return [path]
  if (Array.isArray(value)) return value.flatMap((item, index) => stringsIn(item, [...path, index]))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]))
}
