/** Finds where in a value its schema marks secrets. */
import type { CheckProgress } from './check-progress.js'
import { SchemaCheck } from './check-schema.js'
import { isJsonObject, type JsonSchema, propertySchema } from './json-schema.js'
import { matchesPattern } from './patterns.js'
import { Place } from './place.js'
import { isReference } from './references.js'

type Path = readonly (string | number)[]

/**
 * The paths of a value that hold secrets: strings, at any depth.
 * @throws TooManySteps
 */
export function secretPaths(root: JsonSchema, value: unknown, progress: CheckProgress): readonly Path[] {
  const check = new SchemaCheck(root, { isUnknown: isReference, progress })
  const found = new Set<Place>()
  const seen = new Map<Place, Set<unknown>>()
  const pending: [schema: unknown, place: Place][] = [[root, new Place(value, [])]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [schema, place] = next
    check.spend(1)
    if (!isJsonObject(schema)) continue
    const schemas = seen.get(place) ?? new Set()
    if (schemas.has(schema)) continue
    seen.set(place, schemas.add(schema))
    progress.path = place.path
    if (schema.writeOnly === true) {
      for (const leaf of stringsIn(place)) found.add(leaf)
      continue
    }
    // The last one is taken first: secrets are found in the order of the value.
    const inside = [...schemasOfPlace(check, schema, place), ...schemasInside(check, schema, place)]
    for (const each of inside.reverse()) pending.push(each)
  }
  return [...found].map(({ path }) => path)
}

/** What else a schema says of the same place. */
function* schemasOfPlace(check: SchemaCheck, schema: JsonSchema, place: Place): Iterable<[unknown, Place]> {
  if (typeof schema.$ref === 'string') yield [check.target(schema.$ref), place]
  for (const part of [schema.allOf, schema.then, schema.else].flat()) yield [part, place]
  for (const branches of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(branches)) for (const branch of meant(check, branches, place)) yield [branch, place]
  }
}

/** What a schema says of the items and the keys of a place. */
function* schemasInside(check: SchemaCheck, schema: JsonSchema, place: Place): Iterable<[unknown, Place]> {
  const { value } = place
  if (Array.isArray(value)) {
    const prefix: readonly unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
    if (prefix.length === 0 && schema.items === undefined) return
    for (const index of value.keys()) yield [index < prefix.length ? prefix[index] : schema.items, place.child(index)]
  } else if (isJsonObject(value)) {
    const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
    for (const key of Object.keys(value)) {
      check.spend(1 + patterns.length)
      const declared = propertySchema(schema, key)
      const own = patterns.filter(([pattern]) => matchesPattern(pattern, key)).map(([, inner]) => inner as unknown)
      if (declared !== undefined) own.unshift(declared)
      for (const inner of own.length > 0 ? own : [schema.additionalProperties]) yield [inner, place.child(key)]
    }
  }
}

/** The branches of a union that a value is of; all of them where it is of none, so that no secret is missed. */
function meant(check: SchemaCheck, branches: readonly unknown[], place: Place): readonly unknown[] {
  const fitting = branches.filter((branch) => check.check(branch, place).length === 0)
  return fitting.length > 0 ? fitting : branches
}

function* stringsIn(place: Place): Iterable<Place> {
  const { value } = place
  if (typeof value === 'string') yield place
  else if (Array.isArray(value)) for (const index of value.keys()) yield* stringsIn(place.child(index))
  else if (isJsonObject(value)) for (const key of Object.keys(value)) yield* stringsIn(place.child(key))
}
