/** Checks objects against the keywords of a JSON Schema. */
import { didYouMean } from '../../errors/suggestions.js'
import { isJsonObject, type JsonSchema, propertySchema } from './json-schema.js'
import { matchesPattern } from './patterns.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'

type Path = readonly (string | number)[]
type Values = Readonly<Record<string, unknown>>

/** Everything wrong with an object and what is in it. */
export function checkObject(
  check: ValueCheck,
  schema: JsonSchema,
  value: Values,
  path: Path,
): readonly SchemaProblem[] {
  const keys = Object.keys(value)
  const problems: SchemaProblem[] = []
  if (!check.partial && Array.isArray(schema.required)) problems.push(...missing(schema.required, value, path))
  if (typeof schema.minProperties === 'number' && keys.length < schema.minProperties) {
    problems.push({ path, keyword: 'minProperties', message: `must have at least ${schema.minProperties} keys` })
  }
  if (typeof schema.maxProperties === 'number' && keys.length > schema.maxProperties) {
    problems.push({ path, keyword: 'maxProperties', message: `must have at most ${schema.maxProperties} keys` })
  }
  for (const key of keys) problems.push(...keyProblems(check, schema, key, value[key], path))
  return [...problems, ...dependentProblems(check, schema, value, path)]
}

function missing(required: readonly string[], value: Values, path: Path): readonly SchemaProblem[] {
  return required
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => ({ path: [...path, key], keyword: 'required', message: 'is required' }))
}

function keyProblems(
  check: ValueCheck,
  schema: JsonSchema,
  key: string,
  value: unknown,
  path: Path,
): readonly SchemaProblem[] {
  const at = [...path, key]
  if (key === '__proto__') return [{ path: at, keyword: 'additionalProperties', message: 'is not allowed as a key' }]
  const problems: SchemaProblem[] = []
  if (schema.propertyNames !== undefined && check.check(schema.propertyNames, key, path).length > 0) {
    problems.push({ path: at, keyword: 'propertyNames', message: 'is not allowed as a key' })
  }
  const declared = propertySchema(schema, key)
  const matching = Object.entries(isJsonObject(schema.patternProperties) ? schema.patternProperties : {}).filter(
    ([pattern]) => matchesPattern(pattern, key),
  )
  if (declared !== undefined) problems.push(...check.check(declared, value, at))
  for (const [, inner] of matching) problems.push(...check.check(inner, value, at))
  if (declared === undefined && matching.length === 0 && schema.additionalProperties !== undefined) {
    if (schema.additionalProperties === false) {
      const names = isJsonObject(schema.properties) ? Object.keys(schema.properties) : []
      problems.push({
        path: at,
        keyword: 'additionalProperties',
        message: `is not a known field.${didYouMean(key, names)}`,
      })
    } else {
      problems.push(...check.check(schema.additionalProperties, value, at))
    }
  }
  return problems
}

function dependentProblems(check: ValueCheck, schema: JsonSchema, value: Values, path: Path): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = []
  if (isJsonObject(schema.dependentRequired) && !check.partial) {
    for (const [key, required] of Object.entries(schema.dependentRequired)) {
      if (!Object.hasOwn(value, key)) continue
      for (const { path: at } of missing(required as readonly string[], value, path)) {
        problems.push({ path: at, keyword: 'dependentRequired', message: `is required beside "${key}"` })
      }
    }
  }
  if (isJsonObject(schema.dependentSchemas)) {
    for (const [key, inner] of Object.entries(schema.dependentSchemas)) {
      if (Object.hasOwn(value, key)) problems.push(...check.check(inner, value, path))
    }
  }
  return problems
}
