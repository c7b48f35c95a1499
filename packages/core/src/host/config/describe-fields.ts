/** The fields of a config or settings schema, as flags, help and descriptions show them. */

import { StackError } from '../../errors/stack-error.js'
import { plainText } from '../../flavor/plain-text.js'
import { isJsonObject, type JsonSchema } from './json-schema.js'
import { SchemaGraph } from './schema-graph.js'
import { TimeOver, WorkTime } from './work-time.js'

/** One field of a schema. */
export interface FieldDescription {
  /** Dotted path, in the schema's own spelling. */
  readonly name: string
  /** `string`, `integer`, `number`, `boolean`, `enum`, `array`, `object`, `null`, `any`, or several joined by ` | `. */
  readonly type: string
  readonly required: boolean
  readonly default?: unknown
  readonly secret: boolean
  readonly description?: string
  /** The values an `enum` field may have. */
  readonly enum?: readonly unknown[]
}

/** Nested objects stand as their fields up to this depth; below it, and where an object is inside itself, as one field. */
const depthLimit = 5
/** Characters of names, descriptions and values in one description. */
const textLimit = 1024 * 1024

/** How a schema is described. */
export interface DescribeOptions {
  /** The schema, for a sentence that begins with it. */
  readonly label?: string
  /** The time for everything that one act describes: two seconds of its own unless given. */
  readonly time?: WorkTime
}

/**
 * Every field, in the schema's order; a nested object with declared fields stands as these.
 * @throws StackError `invalid-manifest`, naming the field, where the description would be larger than 1 MiB or takes too long.
 */
export function describeFields(schema: JsonSchema, options: DescribeOptions = {}): readonly FieldDescription[] {
  const { label = 'A schema', time = new WorkTime() } = options
  let description = new Description(schema)
  try {
    return time.run(() => {
      description = new Description(schema)
      return description.fields()
    })
  } catch (error) {
    if (!(error instanceof TooLarge || error instanceof TimeOver)) throw error
    const reason = error instanceof TooLarge ? error.message : 'it takes longer than two seconds'
    throw new StackError(
      'invalid-manifest',
      `${label} cannot be described beyond its field "${description.at}": ${reason}.`,
      {
        hint: 'Tell the author of the flavor: fewer fields, or shorter ones, can be described.',
      },
    )
  }
}

class TooLarge extends Error {}

interface ObjectToDescribe {
  readonly schema: JsonSchema
  readonly prefix: string
  /** Whether the object itself must be given. */
  readonly required: boolean
  /** The objects it is inside of, itself the last. */
  readonly above: readonly JsonSchema[]
}

/** A description under way. */
class Description {
  /** The field that is being described. */
  at = ''
  readonly #graph: SchemaGraph
  readonly #fields: FieldDescription[] = []
  #characters = 0

  constructor(root: JsonSchema) {
    this.#graph = new SchemaGraph(root, () => {
      throw new TooLarge('its schemas refer to each other too often')
    })
  }

  fields(): readonly FieldDescription[] {
    const { root } = this.#graph
    this.#addObject({ schema: root, prefix: '', required: true, above: [root] })
    return this.#fields
  }

  /** Whether the object has declared fields, which then are described. */
  #addObject({ schema, prefix, required, above }: ObjectToDescribe): boolean {
    const { properties } = schema
    if (!isJsonObject(properties)) return false
    const requiredNames = new Set(Array.isArray(schema.required) ? schema.required : [])
    let found = false
    for (const [key, property] of Object.entries(properties)) {
      found = true
      const name = prefix + plainText(key, 200)
      const isRequired = required && requiredNames.has(key)
      this.at = name
      const node = this.#graph.follow(property)
      const expands =
        above.length <= depthLimit && !above.includes(node) && this.#graph.typesOf(node).includes('object')
      const inner = { schema: node, prefix: `${name}.`, required: isRequired, above: [...above, node] }
      if (!expands || !this.#addObject(inner)) this.#add(this.#describe(node, name, isRequired))
    }
    return found
  }

  #add(field: FieldDescription): void {
    const { name, description = '', default: value, enum: values } = field
    this.#characters += name.length + description.length + sizeOf(value) + sizeOf(values)
    if (this.#characters > textLimit) throw new TooLarge('the description is larger than 1 MiB')
    this.#fields.push(field)
  }

  #describe(node: JsonSchema, name: string, required: boolean): FieldDescription {
    const values = this.#graph.valuesOf(node)
    const description = plainText(node.description, 1000)
    return {
      name,
      type: values === undefined ? this.#graph.typesOf(node).join(' | ') : 'enum',
      // A field with a default need not be given, whatever the schema's `required` says of its output.
      required: required && node.default === undefined,
      ...(node.default === undefined ? {} : { default: safe(node.default) }),
      secret: this.#graph.holdsSecret(node),
      ...(description === '' ? {} : { description }),
      ...(values === undefined ? {} : { enum: values.map(safe) }),
    }
  }
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}

/** A value of a package's schema without anything a terminal would obey. */
function safe(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value, 1000)
  if (Array.isArray(value)) return value.map(safe)
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key, 200), safe(inner)]))
  return value
}
