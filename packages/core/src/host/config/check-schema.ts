/** Checks a value against a JSON Schema by interpreting it: no code is generated, every problem is found. */
import { StackError } from '../../errors/stack-error.js'
import { didYouMean } from '../../errors/suggestions.js'
import { checkArray } from './check-array.js'
import { checkObject } from './check-object.js'
import { checkNumber, checkString } from './check-scalar.js'
import { equalJson } from './equal-json.js'
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'

/** How a value is checked. */
export interface SchemaCheckOptions {
  /** Values of which nothing can be said yet: whatever the schema asks of them is taken as given. */
  readonly isUnknown?: (value: unknown) => boolean
  /** Says that fields may be missing, as in a part of what will be merged. */
  readonly partial?: boolean
}

/** The state of one check: its schema, its options and how much it may still do. */
export class SchemaCheck implements ValueCheck {
  readonly root: JsonSchema
  readonly partial: boolean
  readonly isUnknown: (value: unknown) => boolean
  #steps = 0
  #depth = 0

  constructor(root: JsonSchema, options: SchemaCheckOptions) {
    this.root = root
    this.partial = options.partial ?? false
    this.isUnknown = options.isUnknown ?? (() => false)
  }

  /** Everything wrong with a value against a schema of the root. */
  check(schema: unknown, value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[] {
    if (schema === true || this.isUnknown(value)) return []
    if (schema === false) return [{ path, keyword: 'false', message: 'is not allowed here' }]
    if (!isJsonObject(schema)) return []
    this.#steps += 1
    // A chain of references to itself or a tower of doubling branches would never end.
    if (this.#steps > 500_000 || this.#depth > 500) {
      throw new StackError('invalid-manifest', 'A schema cannot be followed: it never comes to an end.')
    }
    this.#depth += 1
    try {
      return [...this.#assertions(schema, value, path), ...this.#applicators(schema, value, path)]
    } finally {
      this.#depth -= 1
    }
  }

  #assertions(schema: JsonSchema, value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[] {
    const wrongType = typeProblem(schema, value)
    if (wrongType !== undefined) return [{ path, keyword: 'type', message: wrongType }]
    const problems: SchemaProblem[] = []
    if (Object.hasOwn(schema, 'const') && !equalJson(value, schema.const)) {
      problems.push({ path, keyword: 'const', message: `must be ${JSON.stringify(schema.const)}` })
    }
    if (Array.isArray(schema.enum) && !schema.enum.some((item) => equalJson(value, item))) {
      problems.push({ path, keyword: 'enum', message: enumMessage(schema, value) })
    }
    if (typeof value === 'string') problems.push(...checkString(schema, value, path))
    else if (typeof value === 'number') problems.push(...checkNumber(schema, value, path))
    else if (Array.isArray(value)) problems.push(...checkArray(this, schema, value, path))
    else if (isJsonObject(value)) problems.push(...checkObject(this, schema, value, path))
    return problems
  }

  #applicators(schema: JsonSchema, value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[] {
    const problems: SchemaProblem[] = []
    if (typeof schema.$ref === 'string') problems.push(...this.check(resolveRef(this.root, schema.$ref), value, path))
    if (Array.isArray(schema.allOf)) for (const part of schema.allOf) problems.push(...this.check(part, value, path))
    if (Array.isArray(schema.anyOf)) problems.push(...this.#union(schema.anyOf, value, path))
    if (Array.isArray(schema.oneOf)) problems.push(...this.#oneOf(schema.oneOf, value, path))
    if (schema.not !== undefined && !this.#hasUnknown(value) && this.check(schema.not, value, path).length === 0) {
      problems.push({ path, keyword: 'not', message: 'is of a form that is not allowed' })
    }
    if (schema.if !== undefined) {
      const branch = this.check(schema.if, value, path).length === 0 ? schema.then : schema.else
      if (branch !== undefined) problems.push(...this.check(branch, value, path))
    }
    return problems
  }

  #union(branches: readonly unknown[], value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[] {
    const results = branches.map((branch) => this.check(branch, value, path))
    if (results.some((result) => result.length === 0)) return []
    // The branch that is meant is the one whose type and whose fixed fields fit; its problems help most.
    const meant = results.filter((result) => !result.some((problem) => isMiss(problem, path)))
    if (meant.length === 1 && meant[0] !== undefined) return meant[0]
    const types = [...new Set(branches.flatMap((branch) => (isJsonObject(branch) ? [branch.type].flat() : [])))]
    const scalar = results.every(
      (result) => result.length === 1 && result[0]?.keyword === 'type' && result[0].path.length === path.length,
    )
    const message = scalar
      ? `must be ${types.map((type) => articles[String(type)] ?? String(type)).join(' or ')}`
      : `fits none of the ${branches.length} forms it may have`
    return [{ path, keyword: 'anyOf', message }]
  }

  #oneOf(branches: readonly unknown[], value: unknown, path: readonly (string | number)[]): readonly SchemaProblem[] {
    const fitting = branches.filter((branch) => this.check(branch, value, path).length === 0).length
    if (fitting === 0) return this.#union(branches, value, path)
    // What is unknown may fit several forms now and one of them later.
    if (fitting === 1 || this.#hasUnknown(value)) return []
    return [{ path, keyword: 'oneOf', message: `fits ${fitting} of the forms it may have, and must fit exactly one` }]
  }

  #hasUnknown(value: unknown): boolean {
    if (this.isUnknown(value)) return true
    if (typeof value !== 'object' || value === null) return false
    return Object.values(value).some((inner) => this.#hasUnknown(inner))
  }
}

/** Everything wrong with a value against a schema that {@link schemaFault} found nothing wrong with. */
export function checkSchema(
  root: JsonSchema,
  value: unknown,
  options: SchemaCheckOptions = {},
): readonly SchemaProblem[] {
  return new SchemaCheck(root, options).check(root, value, [])
}

const articles: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
  array: 'an array',
  object: 'an object',
}

function typeProblem(schema: JsonSchema, value: unknown): string | undefined {
  if (schema.type === undefined) return undefined
  const types = [schema.type].flat().map(String)
  const actual = typeOf(value)
  if (types.includes(actual) || (types.includes('integer') && Number.isInteger(value))) return undefined
  return `must be ${types.map((type) => articles[type] ?? type).join(' or ')}, not ${articles[actual] === 'true or false' ? 'a boolean' : articles[actual]}`
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function enumMessage(schema: JsonSchema, value: unknown): string {
  const values = schema.enum as readonly unknown[]
  const names = values.filter((item) => typeof item === 'string')
  // A suggestion would tell how near a secret is to a known value.
  const suggestion = typeof value === 'string' && schema.writeOnly !== true ? didYouMean(value, names) : ''
  const shown = values
    .slice(0, 20)
    .map((item) => JSON.stringify(item))
    .join(', ')
  return `must be one of ${shown}${values.length > 20 ? ', …' : ''}.${suggestion}`
}

/** Whether a problem shows that its branch of a union was not meant. */
function isMiss(problem: SchemaProblem, path: readonly (string | number)[]): boolean {
  const depth = problem.path.length - path.length
  return (problem.keyword === 'type' && depth === 0) || (problem.keyword === 'const' && depth <= 1)
}
