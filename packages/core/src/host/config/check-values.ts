/** Checks a config or settings as given against a flavor's JSON Schema, with what is particular to both: references and secrets. */

import { formatProblemPath, type Problem } from '../../errors/problem.js'
import { processRedactor } from '../../redaction/process-redactor.js'
import { checkSchema } from './check-schema.js'
import type { JsonSchema } from './json-schema.js'
import { preparePatterns } from './patterns.js'
import { isReference } from './references.js'
import { secretPaths } from './secret-paths.js'

/** What is checked: a whole config, or settings, of which more may come from a run. */
export interface ValueCheckOptions {
  readonly kind: 'config' | 'settings'
}

/** The findings of a check, the plain texts that stand where a secret must be a reference apart. */
export interface ValueProblems {
  readonly problems: readonly Problem[]
  readonly plainTexts: readonly Problem[]
}

/**
 * Everything wrong with values as given. What the schema says of a reference waits until it is resolved.
 * @throws StackError `invalid-manifest` where the schema has a pattern outside RE2's syntax.
 */
export async function findValueProblems(
  schema: JsonSchema,
  values: unknown,
  options: ValueCheckOptions,
): Promise<ValueProblems> {
  preparePatterns(schema)
  const found = checkSchema(schema, values, { isUnknown: isReference, partial: options.kind === 'settings' })
  const exposed = secretPaths(schema, values).filter((path) => !isReference(valueAt(values, path)))
  // What shows these values, whether an error or the component they were recorded in, shows `[secret]`.
  for (const path of exposed) processRedactor().add(String(valueAt(values, path)))
  const plainTexts = exposed.map((path) => ({
    path: formatProblemPath(path),
    message: 'is a secret, and must be a reference: plain text is refused',
  }))
  const secretPlaces = new Set(plainTexts.map(({ path }) => path))
  const problems = found
    .map(({ path, message }) => ({ path: formatProblemPath(path), message }))
    // A plain text has one problem; what else is wrong with it would tell about it.
    .filter(({ path }) => !secretPlaces.has(path))
  return { problems: distinct([...problems, ...plainTexts]), plainTexts }
}

/** Everything wrong with values of which every reference has been resolved. */
export async function findResolvedProblems(schema: JsonSchema, values: unknown): Promise<readonly Problem[]> {
  preparePatterns(schema)
  return distinct(checkSchema(schema, values).map(({ path, message }) => ({ path: formatProblemPath(path), message })))
}

/** The value at a path, undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let node = value
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Record<PropertyKey, unknown>)[key]
  }
  return node
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.path}\0${problem.message}`, problem])).values()]
}
