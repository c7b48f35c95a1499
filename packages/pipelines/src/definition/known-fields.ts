/** The fields an object schema knows, where it can say: so that a misspelt one is told instead of dropped. */
import { didYouMean, type Problem } from '@stack/core'
import type { Schema } from './schema.js'

/** The part of JSON Schema that tells fields. */
interface ObjectShape {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly additionalProperties?: unknown
  readonly patternProperties?: unknown
}

/** The converter of Standard JSON Schema, which not every library has. */
interface JsonSchemaSource {
  readonly jsonSchema?: { input(options: object): ObjectShape }
}

const shapes = new WeakMap<Schema, ReadonlySet<string> | undefined>()

/** Problems of the fields of a value that its schema does not know and would drop without a word. */
export function unknownFields(schema: Schema, value: unknown): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const known = knownFields(schema)
  if (known === undefined) return []
  return Object.keys(value)
    .filter((field) => !known.has(field))
    .map((field) => ({ path: field, message: `there is no such field.${didYouMean(field, known)}` }))
}

/** Every field of a closed object schema; undefined where the schema is open, no object, or cannot tell. */
function knownFields(schema: Schema): ReadonlySet<string> | undefined {
  if (!shapes.has(schema)) shapes.set(schema, readFields(schema))
  return shapes.get(schema)
}

function readFields(schema: Schema): ReadonlySet<string> | undefined {
  try {
    const { jsonSchema } = schema['~standard'] as JsonSchemaSource
    const shape = jsonSchema?.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } })
    if (shape?.properties === undefined || shape.patternProperties !== undefined) return undefined
    if (shape.additionalProperties !== undefined && shape.additionalProperties !== false) return undefined
    return new Set(Object.keys(shape.properties))
  } catch {
    // A schema that JSON Schema cannot say decides alone.
    return undefined
  }
}
