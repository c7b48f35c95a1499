/** Checks arrays against the keywords of a JSON Schema. */

import { equalJson } from './equal-json.js'
import type { JsonSchema } from './json-schema.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'

type Path = readonly (string | number)[]

/** Everything wrong with an array and what is in it. */
export function checkArray(
  check: ValueCheck,
  schema: JsonSchema,
  value: readonly unknown[],
  path: Path,
): readonly SchemaProblem[] {
  const { minItems, maxItems, uniqueItems, prefixItems, items } = schema
  const problems: SchemaProblem[] = []
  if (typeof minItems === 'number' && value.length < minItems) {
    problems.push({ path, keyword: 'minItems', message: `must have at least ${minItems} items` })
  }
  if (typeof maxItems === 'number' && value.length > maxItems) {
    problems.push({ path, keyword: 'maxItems', message: `must have at most ${maxItems} items` })
  }
  if (uniqueItems === true) problems.push(...repeated(value, path))
  const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  for (const [index, item] of value.entries()) {
    const itemSchema = index < prefix.length ? prefix[index] : items
    if (itemSchema !== undefined) problems.push(...check.check(itemSchema, item, [...path, index]))
  }
  if (schema.contains !== undefined) problems.push(...containsProblems(check, schema, value, path))
  return problems
}

function repeated(value: readonly unknown[], path: Path): readonly SchemaProblem[] {
  for (const [index, item] of value.entries()) {
    const first = value.findIndex((other) => equalJson(other, item))
    if (first < index) return [{ path: [...path, index], keyword: 'uniqueItems', message: `repeats item ${first}` }]
  }
  return []
}

function containsProblems(
  check: ValueCheck,
  schema: JsonSchema,
  value: readonly unknown[],
  path: Path,
): readonly SchemaProblem[] {
  const least = typeof schema.minContains === 'number' ? schema.minContains : 1
  const most = typeof schema.maxContains === 'number' ? schema.maxContains : Number.POSITIVE_INFINITY
  const fitting = value.filter(
    (item, index) => check.check(schema.contains, item, [...path, index]).length === 0,
  ).length
  if (fitting < least)
    return [{ path, keyword: 'contains', message: `must contain at least ${least} items of a certain form` }]
  if (fitting > most)
    return [{ path, keyword: 'contains', message: `must contain at most ${most} items of a certain form` }]
  return []
}
