/** Checks values with a flavor's own zod schema, which may say what JSON Schema cannot. */
import { formatProblemPath, type Problem } from '../../errors/problem.js'
import type { ObjectSchema } from '../../flavor/flavor-types.js'
import { valueAt } from './check-values.js'
import { findReferences } from './references.js'

/** The part of a zod issue that is read here. */
interface Issue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** The outcome of a zod schema: what it made of the values, or what is wrong with them. */
export type ModuleVerdict = { readonly output: unknown } | { readonly problems: readonly Problem[] }

/**
 * Parses values with a zod schema. What it says of a place where a reference stands waits until that is resolved, and in
 * settings a missing field may still come from a run.
 */
export async function checkWithModule(
  schema: ObjectSchema,
  values: unknown,
  options: { readonly partial: boolean },
): Promise<ModuleVerdict> {
  const result = await schema.safeParseAsync(values)
  if (result.success) return { output: result.data }
  const references = findReferences(values).map(({ path }) => path)
  const problems = (result.error.issues as readonly Issue[])
    .filter((issue) => !waits(issue, references))
    .filter((issue) => !(options.partial && issue.code === 'invalid_type' && valueAt(values, issue.path) === undefined))
    .map(({ path, message }) => ({ path: formatProblemPath(path), message }))
  return { problems }
}

function waits(issue: Issue, references: readonly (readonly (string | number)[])[]): boolean {
  const { path, code } = issue
  return references.some((reference) => {
    // A union does not say which of its branches failed only because of a reference inside.
    const covers = code === 'invalid_union' ? path.length <= reference.length : path.length === reference.length
    return covers && path.every((key, index) => key === reference[index])
  })
}
