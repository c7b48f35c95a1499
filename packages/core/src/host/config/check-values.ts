/** Checks a config or settings as given against a flavor's JSON Schema, with what is particular to both: references and secrets. */

import { formatProblemPath, type Problem } from '../../errors/problem.js'
import { StackError } from '../../errors/stack-error.js'
import { processRedactor } from '../../redaction/process-redactor.js'
import { CheckProgress, TooManySteps } from './check-progress.js'
import { checkSchema } from './check-schema.js'
import type { JsonSchema } from './json-schema.js'
import { preparePatterns } from './patterns.js'
import { findReferences, isReference, type PlacedReference } from './references.js'
import { secretPaths } from './secret-paths.js'
import { valueFault } from './value-fault.js'
import { TimeOver, WorkTime } from './work-time.js'

type Path = readonly (string | number)[]

/** What is checked: a whole config, or settings, of which more may come from a run. */
export interface ValueCheckOptions {
  readonly kind: 'config' | 'settings'
  /** The time for everything that one act checks: two seconds of its own unless given. */
  readonly time?: WorkTime
}

/** The findings of a check, the plain texts that stand where a secret must be a reference apart. */
export interface ValueProblems {
  readonly problems: readonly Problem[]
  readonly plainTexts: readonly Problem[]
  /** The paths of every secret, whether it is a reference or not. */
  readonly secrets: readonly Path[]
  readonly references: readonly PlacedReference[]
}

/**
 * Everything wrong with values as given. What the schema says of a reference waits until it is resolved. Where a check takes too
 * long its field has that as a problem.
 * @throws StackError `invalid-manifest` where the schema has a pattern outside RE2's syntax, or refers to itself without end.
 */
export function findValueProblems(schema: JsonSchema, values: unknown, options: ValueCheckOptions): ValueProblems {
  const { kind, time = new WorkTime() } = options
  const fault = valueFault(values)
  if (fault !== undefined) return { problems: [fault], plainTexts: [], secrets: [], references: [] }
  const references = findReferences(values)
  const checked = withinLimits({ schema, time }, (progress) => {
    const found = checkSchema(schema, values, { isUnknown: isReference, partial: kind === 'settings', progress })
    return { found, secrets: secretPaths(schema, values, progress) }
  })
  if ('problem' in checked) return { problems: [checked.problem], plainTexts: [], secrets: [], references }
  const { found, secrets } = checked.result
  const exposed = secrets.filter((path) => !isReference(valueAt(values, path)))
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
  return { problems: distinct([...problems, ...plainTexts]), plainTexts, secrets, references }
}

/** Everything wrong with values of which every reference has been resolved. */
export function findResolvedProblems(
  schema: JsonSchema,
  values: unknown,
  time: WorkTime = new WorkTime(),
): readonly Problem[] {
  const fault = valueFault(values)
  if (fault !== undefined) return [fault]
  const checked = withinLimits({ schema, time }, (progress) => checkSchema(schema, values, { progress }))
  if ('problem' in checked) return [checked.problem]
  return distinct(checked.result.map(({ path, message }) => ({ path: formatProblemPath(path), message })))
}

/**
 * The paths of the secrets in values.
 * @throws StackError `invalid-config` where finding them takes too long.
 */
export function findSecrets(schema: JsonSchema, values: unknown, time: WorkTime): readonly Path[] {
  const searched = withinLimits({ schema, time }, (progress) => secretPaths(schema, values, progress))
  if ('result' in searched) return searched.result
  throw new StackError('invalid-config', 'The values cannot be searched for secrets.', { problems: [searched.problem] })
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

/** What is checked, and the time for it. */
interface Limited {
  readonly schema: JsonSchema
  readonly time: WorkTime
}

/** What a check finds, or the problem that keeps it from coming to its end. */
function withinLimits<T>(
  { schema, time }: Limited,
  act: (progress: CheckProgress) => T,
): { readonly result: T } | { readonly problem: Problem } {
  const hasPatterns = preparePatterns(schema)
  let progress = new CheckProgress()
  try {
    const check = () => {
      progress = new CheckProgress()
      return act(progress)
    }
    // Steps are counted, but not those within a pattern.
    const result = time.run(check, { counted: !hasPatterns })
    return { result }
  } catch (error) {
    const path = formatProblemPath(progress.path)
    if (error instanceof TimeOver) {
      return { problem: { path, message: 'takes too long to check: the checks of a command have two seconds' } }
    }
    if (error instanceof TooManySteps) {
      return {
        problem: { path, message: 'takes too many steps to check: its schema is too involved, or it is too large' },
      }
    }
    throw error
  }
}
