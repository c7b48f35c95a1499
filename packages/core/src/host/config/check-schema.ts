/** Checks a value against a JSON Schema by interpreting it: no code is generated, every problem is found. */
import { formatProblemPath } from '../../errors/problem.js'
import { StackError } from '../../errors/stack-error.js'
import { didYouMean } from '../../errors/suggestions.js'
import { checkArray } from './check-array.js'
import { checkObject } from './check-object.js'
import { CheckProgress } from './check-progress.js'
import { checkNumber, checkString } from './check-scalar.js'
import { equalJson } from './equal-json.js'
import { includesJson } from './includes-json.js'
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'
import { Place } from './place.js'
import type { SchemaProblem, ValueCheck } from './schema-problem.js'
import { isMiss, typeProblem, unionMessage } from './type-problem.js'

/** How a value is checked. */
export interface SchemaCheckOptions {
  /** Values of which nothing can be said yet: whatever the schema asks of them is taken as given. */
  readonly isUnknown?: (value: unknown) => boolean
  /** Says that fields may be missing, as in a part of what will be merged. */
  readonly partial?: boolean
  /** Counts what the check does, together with others of the same act. */
  readonly progress?: CheckProgress
}

/** A value inside a value, a schema inside a schema: each of them takes some of the stack. */
const depthLimit = 400

/** The state of one check: its schema, its options and what it has done. A schema is asked once about each place. */
export class SchemaCheck implements ValueCheck {
  readonly root: JsonSchema
  readonly partial: boolean
  readonly isUnknown: (value: unknown) => boolean
  readonly progress: CheckProgress
  readonly #targets = new Map<string, JsonSchema | boolean | undefined>()
  readonly #unknowns = new Map<Place, boolean>()
  #depth = 0

  constructor(root: JsonSchema, options: SchemaCheckOptions = {}) {
    this.root = root
    this.partial = options.partial ?? false
    this.isUnknown = options.isUnknown ?? (() => false)
    this.progress = options.progress ?? new CheckProgress()
  }

  /**
   * Everything wrong with the value of a place against a schema of the root.
   * @throws TooManySteps, StackError `invalid-manifest` where the schema refers to itself without end.
   */
  check(schema: unknown, place: Place): readonly SchemaProblem[] {
    this.spend(1)
    if (schema === true || this.isUnknown(place.value)) return []
    const known = place.verdicts.get(schema)
    if (known === 'pending') throw endless(place)
    if (known !== undefined) return known
    const problems = new Set<SchemaProblem>()
    if (schema === false) problems.add({ path: place.path, keyword: 'false', message: 'is not allowed here' })
    else if (isJsonObject(schema)) {
      place.verdicts.set(schema, 'pending')
      const above = this.progress.path
      this.progress.path = place.path
      this.#depth += 1
      if (this.#depth > depthLimit) this.progress.spend(Number.POSITIVE_INFINITY)
      this.#assertions(schema, place, problems)
      this.#applicators(schema, place, problems)
      this.#depth -= 1
      this.progress.path = above
    }
    const found = [...problems]
    place.verdicts.set(schema, found)
    return found
  }

  spend(steps: number): void {
    this.progress.spend(steps)
  }

  suggest(name: string, candidates: () => readonly string[]): string {
    if (!this.progress.mayCompare(0)) return ''
    const names = candidates()
    return this.progress.mayCompare(names.length) ? didYouMean(name, names) : ''
  }

  /** The schema a `$ref` points at. */
  target(ref: string): JsonSchema | boolean | undefined {
    if (!this.#targets.has(ref)) this.#targets.set(ref, resolveRef(this.root, ref))
    return this.#targets.get(ref)
  }

  #assertions(schema: JsonSchema, place: Place, problems: Set<SchemaProblem>): void {
    const { value, path } = place
    const wrongType = typeProblem(schema, value)
    if (wrongType !== undefined) {
      problems.add({ path, keyword: 'type', message: wrongType })
      return
    }
    if (Object.hasOwn(schema, 'const') && !equalJson(value, schema.const)) {
      problems.add({ path, keyword: 'const', message: `must be ${shown(schema.const)}` })
    }
    if (Array.isArray(schema.enum) && !includesJson(schema.enum, value)) {
      problems.add({ path, keyword: 'enum', message: this.#enumMessage(schema, value) })
    }
    if (typeof value === 'string') this.#add(problems, checkString(schema, value, path))
    else if (typeof value === 'number') this.#add(problems, checkNumber(schema, value, path))
    else if (Array.isArray(value)) this.#add(problems, checkArray(this, schema, place))
    else if (isJsonObject(value)) this.#add(problems, checkObject(this, schema, place))
  }

  #applicators(schema: JsonSchema, place: Place, problems: Set<SchemaProblem>): void {
    const { path } = place
    if (typeof schema.$ref === 'string') this.#add(problems, this.check(this.target(schema.$ref), place))
    if (Array.isArray(schema.allOf)) for (const part of schema.allOf) this.#add(problems, this.check(part, place))
    if (Array.isArray(schema.anyOf)) this.#add(problems, this.#union(schema.anyOf, place))
    if (Array.isArray(schema.oneOf)) this.#add(problems, this.#oneOf(schema.oneOf, place))
    if (schema.not !== undefined && !this.#hasUnknown(place) && this.check(schema.not, place).length === 0) {
      problems.add({ path, keyword: 'not', message: 'is of a form that is not allowed' })
    }
    if (schema.if !== undefined) {
      const branch = this.check(schema.if, place).length === 0 ? schema.then : schema.else
      if (branch !== undefined) this.#add(problems, this.check(branch, place))
    }
  }

  #add(problems: Set<SchemaProblem>, found: readonly SchemaProblem[]): void {
    this.spend(found.length)
    for (const problem of found) problems.add(problem)
  }

  #union(branches: readonly unknown[], place: Place): readonly SchemaProblem[] {
    const { path } = place
    const results = branches.map((branch) => this.check(branch, place))
    if (results.some((result) => result.length === 0)) return []
    // The branch that is meant is the one whose type and whose fixed fields fit; its problems help most.
    const meant = results.filter((result) => !result.some((problem) => isMiss(problem, path)))
    if (meant.length === 1 && meant[0] !== undefined) return meant[0]
    return [{ path, keyword: 'anyOf', message: unionMessage(branches, results, path) }]
  }

  #oneOf(branches: readonly unknown[], place: Place): readonly SchemaProblem[] {
    const fitting = branches.filter((branch) => this.check(branch, place).length === 0).length
    if (fitting === 0) return this.#union(branches, place)
    // What is unknown may fit several forms now and one of them later.
    if (fitting === 1 || this.#hasUnknown(place)) return []
    const message = `fits ${fitting} of the forms it may have, and must fit exactly one`
    return [{ path: place.path, keyword: 'oneOf', message }]
  }

  #hasUnknown(place: Place): boolean {
    const { value } = place
    if (this.isUnknown(value)) return true
    if (typeof value !== 'object' || value === null) return false
    const known = this.#unknowns.get(place)
    if (known !== undefined) return known
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
    this.spend(keys.length)
    const found = keys.some((key) => this.#hasUnknown(place.child(key)))
    this.#unknowns.set(place, found)
    return found
  }

  #enumMessage(schema: JsonSchema, value: unknown): string {
    const values = schema.enum as readonly unknown[]
    // A suggestion would tell how near a secret is to a known value.
    const suggestion =
      typeof value === 'string' && schema.writeOnly !== true
        ? this.suggest(value, () => values.filter((item) => typeof item === 'string'))
        : ''
    const some = values.slice(0, 20).map(shown).join(', ')
    return `must be one of ${some}${values.length > 20 ? ', …' : ''}.${suggestion}`
  }
}

/** Everything wrong with a value against a schema that {@link schemaFault} found nothing wrong with. */
export function checkSchema(
  root: JsonSchema,
  value: unknown,
  options: SchemaCheckOptions = {},
): readonly SchemaProblem[] {
  return new SchemaCheck(root, options).check(root, new Place(value, []))
}

/** A value of a schema in a message. */
function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`
}

function endless({ path }: Place): StackError {
  const where = path.length === 0 ? 'for the whole value' : `for the field "${formatProblemPath(path)}"`
  return new StackError(
    'invalid-manifest',
    `The flavor's JSON Schema cannot be used: ${where} it refers to itself and never comes to an end.`,
    { hint: 'Tell the author of the flavor. Until it is mended, use another version of it.' },
  )
}
