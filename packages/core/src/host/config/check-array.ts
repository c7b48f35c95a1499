/** Checks arrays against the keywords of a JSON Schema. */
import { canonicalJson } from './equal-json.js'
import type { JsonSchema } from './json-schema.js'
import type { Place } from './place.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'

/** Everything wrong with an array and what is in it. */
export function checkArray(check: ValueCheck, schema: JsonSchema, place: Place): readonly SchemaProblem[] {
  const { minItems, maxItems, uniqueItems, prefixItems, items } = schema
  const { path } = place
  const value = place.value as readonly unknown[]
  const problems: SchemaProblem[] = []
  if (typeof minItems === 'number' && value.length < minItems) {
    problems.push({ path, keyword: 'minItems', message: `must have at least ${minItems} items` })
  }
  if (typeof maxItems === 'number' && value.length > maxItems) {
    problems.push({ path, keyword: 'maxItems', message: `must have at most ${maxItems} items` })
  }
  if (uniqueItems === true) problems.push(...repeated(check, place))
  const prefix: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  for (const index of value.keys()) {
    const itemSchema = index < prefix.length ? prefix[index] : items
    if (itemSchema === undefined) continue
    for (const problem of check.check(itemSchema, place.child(index))) problems.push(problem)
  }
  if (schema.contains !== undefined) problems.push(...containsProblems(check, schema, place))
  return problems
}

function repeated(check: ValueCheck, { value, path }: Place): readonly SchemaProblem[] {
  const seen = new Map<string, number>()
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    check.spend(1)
    const text = canonicalJson(item)
    const first = seen.get(text)
    if (first !== undefined)
      return [{ path: [...path, index], keyword: 'uniqueItems', message: `repeats item ${first}` }]
    seen.set(text, index)
  }
  return []
}

function containsProblems(check: ValueCheck, schema: JsonSchema, place: Place): readonly SchemaProblem[] {
  const { path } = place
  const least = typeof schema.minContains === 'number' ? schema.minContains : 1
  const most = typeof schema.maxContains === 'number' ? schema.maxContains : Number.POSITIVE_INFINITY
  const indices = [...(place.value as readonly unknown[]).keys()]
  const fitting = indices.filter((index) => check.check(schema.contains, place.child(index)).length === 0).length
  if (fitting < least)
    return [{ path, keyword: 'contains', message: `must contain at least ${least} items of a certain form` }]
  if (fitting > most)
    return [{ path, keyword: 'contains', message: `must contain at most ${most} items of a certain form` }]
  return []
}
