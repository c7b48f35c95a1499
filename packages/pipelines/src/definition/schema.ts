/** Validation by any Standard Schema v1 (zod, valibot, arktype, …). */
import { formatProblemPath, type Problem } from '@stack/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** Any Standard Schema. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>

/** What a schema accepts. */
export type SchemaInput<S extends Schema> = StandardSchemaV1.InferInput<S>

/** What a schema makes of it. */
export type SchemaOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>

/** A validated value, or everything that is wrong with it. */
export type Validated = { readonly value: unknown } | { readonly problems: readonly Problem[] }

/** Recognises a Standard Schema; some libraries make them functions. */
export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const standard = (value as { '~standard'?: { validate?: unknown } })['~standard']
  return typeof standard?.validate === 'function'
}

/** Validates a value; paths of problems begin with `path`. */
export async function validate(schema: Schema, value: unknown, path: readonly PropertyKey[] = []): Promise<Validated> {
  const pending = schema['~standard'].validate(value)
  const result = pending instanceof Promise ? await pending : pending
  if (result.issues === undefined) return { value: result.value }
  return {
    problems: result.issues.map((issue) => ({
      path: formatProblemPath([...path, ...(issue.path ?? []).map(pathKey)]),
      message: issue.message,
    })),
  }
}

/** Problems as the end of a sentence: the first few, each with its path. */
export function describeProblems(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  const more = problems.length - shown.length
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

function pathKey(segment: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey {
  return typeof segment === 'object' ? segment.key : segment
}
