/** Checks objects against the keywords of a JSON Schema. */
import { isJsonObject, type JsonSchema, propertySchema } from './json-schema.js'
import { matchesPattern } from './patterns.js'
import { Place } from './place.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'

type Values = Readonly<Record<string, unknown>>

/** Everything wrong with an object and what is in it. */
export function checkObject(check: ValueCheck, schema: JsonSchema, place: Place): readonly SchemaProblem[] {
  const { path } = place
  const keys = Object.keys(place.value as Values)
  const problems: SchemaProblem[] = []
  if (!check.partial && Array.isArray(schema.required)) {
    for (const problem of missing(check, schema.required, place)) problems.push(problem)
  }
  if (typeof schema.minProperties === 'number' && keys.length < schema.minProperties) {
    problems.push({ path, keyword: 'minProperties', message: `must have at least ${schema.minProperties} keys` })
  }
  if (typeof schema.maxProperties === 'number' && keys.length > schema.maxProperties) {
    problems.push({ path, keyword: 'maxProperties', message: `must have at most ${schema.maxProperties} keys` })
  }
  const patterns = isJsonObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
  for (const key of keys) {
    check.spend(1 + patterns.length)
    for (const problem of keyProblems(check, { schema, patterns, key }, place)) problems.push(problem)
  }
  for (const problem of dependentProblems(check, schema, place)) problems.push(problem)
  return problems
}

function missing(check: ValueCheck, required: readonly string[], { value, path }: Place): readonly SchemaProblem[] {
  check.spend(required.length)
  return required
    .filter((key) => !Object.hasOwn(value as Values, key))
    .map((key) => ({ path: [...path, key], keyword: 'required', message: 'is required' }))
}

interface KeyOfSchema {
  readonly schema: JsonSchema
  readonly patterns: readonly (readonly [pattern: string, schema: unknown])[]
  readonly key: string
}

function keyProblems(
  check: ValueCheck,
  { schema, patterns, key }: KeyOfSchema,
  place: Place,
): readonly SchemaProblem[] {
  const at = [...place.path, key]
  if (key === '__proto__') return [{ path: at, keyword: 'additionalProperties', message: 'is not allowed as a key' }]
  const problems: SchemaProblem[] = []
  if (schema.propertyNames !== undefined) {
    if (check.check(schema.propertyNames, new Place(key, place.path)).length > 0)
      problems.push({ path: at, keyword: 'propertyNames', message: 'is not allowed as a key' })
  }
  const declared = propertySchema(schema, key)
  const applying: unknown[] = patterns.filter(([pattern]) => matchesPattern(pattern, key)).map(([, inner]) => inner)
  if (declared !== undefined) applying.unshift(declared)
  if (applying.length === 0 && schema.additionalProperties === false) {
    const names = () => (isJsonObject(schema.properties) ? Object.keys(schema.properties) : [])
    const message = `is not a known field.${check.suggest(key, names)}`
    problems.push({ path: at, keyword: 'additionalProperties', message })
  } else if (applying.length === 0) applying.push(schema.additionalProperties)
  for (const inner of applying) {
    for (const problem of check.check(inner, place.child(key))) problems.push(problem)
  }
  return problems
}

function dependentProblems(check: ValueCheck, schema: JsonSchema, place: Place): readonly SchemaProblem[] {
  const value = place.value as Values
  const problems: SchemaProblem[] = []
  if (isJsonObject(schema.dependentRequired) && !check.partial) {
    for (const [key, required] of Object.entries(schema.dependentRequired)) {
      check.spend(1)
      if (!Object.hasOwn(value, key)) continue
      for (const { path: at } of missing(check, required as readonly string[], place)) {
        problems.push({ path: at, keyword: 'dependentRequired', message: `is required beside "${key}"` })
      }
    }
  }
  if (isJsonObject(schema.dependentSchemas)) {
    for (const [key, inner] of Object.entries(schema.dependentSchemas)) {
      check.spend(1)
      if (!Object.hasOwn(value, key)) continue
      for (const problem of check.check(inner, place)) problems.push(problem)
    }
  }
  return problems
}
