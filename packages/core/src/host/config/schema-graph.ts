/** A JSON Schema as a graph: what its references, unions and items lead to. Schemas may lead back to themselves. */
import { isJsonObject, type JsonSchema, resolveRef } from './json-schema.js'

/** Schemas that are looked at before a graph counts as endless. They take about a second. */
const stepLimit = 1_000_000

const nothing: JsonSchema = {}

export class SchemaGraph {
  readonly root: JsonSchema
  readonly #exceeded: () => never
  readonly #followed = new Map<unknown, JsonSchema>()
  #steps = 0

  /** @param exceeded Throws; called where too many schemas were looked at. */
  constructor(root: JsonSchema, exceeded: () => never) {
    this.root = root
    this.#exceeded = exceeded
  }

  /** A schema with its local references followed, what stands beside one laid over its target; always the same object. */
  follow(value: unknown): JsonSchema {
    const chain: JsonSchema[] = []
    const seen = new Set<unknown>()
    let node = value
    let end: JsonSchema | undefined
    while (end === undefined) {
      this.#spend(1)
      if (!isJsonObject(node) || seen.has(node)) end = nothing
      else if (this.#followed.has(node)) end = this.#followed.get(node)
      else if (typeof node.$ref !== 'string') end = node
      else {
        seen.add(node)
        chain.push(node)
        node = resolveRef(this.root, node.$ref)
      }
    }
    for (const link of chain.reverse()) {
      const { $ref: _, ...beside } = link
      const keywords = Object.keys(beside).length
      this.#spend(keywords === 0 ? 1 : keywords + Object.keys(end).length)
      if (keywords > 0) end = { ...end, ...beside }
      this.#followed.set(link, end)
    }
    return end
  }

  /** The types that a schema accepts, those of its branches where it names none itself; `any` where nothing is said. */
  typesOf(schema: JsonSchema): readonly string[] {
    const types = new Set<string>()
    for (const node of this.#reach(schema, (each) => (hasType(each) ? [] : this.#branchesOf(each)))) {
      if (typeof node.type === 'string') types.add(node.type)
      else if (Array.isArray(node.type)) for (const type of node.type) types.add(String(type))
      else if (this.#branchesOf(node).length === 0) types.add(isJsonObject(node.properties) ? 'object' : 'any')
    }
    return types.size === 0 ? ['any'] : [...types]
  }

  /** The closed list of values of a schema, where it has one. */
  valuesOf(node: JsonSchema): readonly unknown[] | undefined {
    if (Array.isArray(node.enum)) return node.enum
    if (node.const !== undefined) return [node.const]
    const branches = this.#branchesOf(node)
    if (branches.length === 0) return undefined
    const values = branches.map((branch) =>
      Array.isArray(branch.enum) ? branch.enum : branch.const === undefined ? undefined : [branch.const],
    )
    return values.every((list) => list !== undefined) ? values.flat() : undefined
  }

  /** Whether a schema marks a secret: itself, in a branch, or in what its items and further keys are. */
  holdsSecret(schema: JsonSchema): boolean {
    const inside = (node: JsonSchema): readonly JsonSchema[] => [
      ...[node.items, node.additionalProperties].filter(isJsonObject).map((child) => this.follow(child)),
      ...this.#branchesOf(node),
    ]
    for (const node of this.#reach(schema, inside)) if (node.writeOnly === true) return true
    return false
  }

  #branchesOf(node: JsonSchema): readonly JsonSchema[] {
    return [node.anyOf, node.oneOf].flatMap((list) =>
      Array.isArray(list) ? list.map((branch) => this.follow(branch)) : [],
    )
  }

  /** A schema and what it leads to, each once, the nearest of the first branch first. */
  *#reach(schema: JsonSchema, next: (node: JsonSchema) => readonly JsonSchema[]): Iterable<JsonSchema> {
    const seen = new Set<JsonSchema>()
    const pending = [schema]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      this.#spend(1)
      if (seen.has(node)) continue
      seen.add(node)
      yield node
      for (const each of next(node).toReversed()) pending.push(each)
    }
  }

  #spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > stepLimit) this.#exceeded()
  }
}

function hasType(node: JsonSchema): boolean {
  return typeof node.type === 'string' || Array.isArray(node.type)
}
