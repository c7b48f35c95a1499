/** Says which types a schema wants, for a value alone and for the branches of a union. */
import { isJsonObject, type JsonSchema } from './json-schema.js'
import type { SchemaProblem } from './schema-problem.js'

type Path = readonly (string | number)[]

const articles: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
  array: 'an array',
  object: 'an object',
}

/** Why a value is not of a type that a schema names, undefined where it is. */
export function typeProblem(schema: JsonSchema, value: unknown): string | undefined {
  if (schema.type === undefined) return undefined
  const types = [schema.type].flat().map(String)
  const actual = typeOf(value)
  if (types.includes(actual)) return undefined
  if (types.includes('integer') && Number.isInteger(value)) {
    // What was written with more digits is another number by now, and nobody can tell.
    return Number.isSafeInteger(value)
      ? undefined
      : `must be an integer between -${Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}: beyond them integers are not kept exactly`
  }
  return `must be ${namesOf(types)}, not ${actual === 'boolean' ? 'a boolean' : articles[actual]}`
}

/** What is wrong with a value that fits no branch of a union. */
export function unionMessage(
  branches: readonly unknown[],
  results: readonly (readonly SchemaProblem[])[],
  path: Path,
): string {
  const scalar = results.every(
    (result) => result.length === 1 && result[0]?.keyword === 'type' && result[0].path.length === path.length,
  )
  if (!scalar) return `fits none of the ${branches.length} forms it may have`
  const types = branches.flatMap((branch) => (isJsonObject(branch) ? [branch.type].flat() : []))
  return `must be ${namesOf([...new Set(types)].map(String))}`
}

/** Whether a problem shows that its branch of a union was not meant. */
export function isMiss(problem: SchemaProblem, path: Path): boolean {
  const depth = problem.path.length - path.length
  return (problem.keyword === 'type' && depth === 0) || (problem.keyword === 'const' && depth <= 1)
}

function namesOf(types: readonly string[]): string {
  return types.map((type) => articles[type] ?? type).join(' or ')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
