/** Validation of a component before it is written. */
import { type ConfigValues, type Problem, StackError } from '@stack/core'
import { type FlavorHandle, type FlavorRegistry, validateComponent, type Warning } from '@stack/core/host'

/** What is to be written, and the flavor it is for. */
export interface CandidateValues {
  readonly type: string
  readonly name: string
  readonly registry: FlavorRegistry
  readonly handle: FlavorHandle
  readonly config: ConfigValues
  readonly settings: ConfigValues
  /** What is recorded now, where this is a change of it. */
  readonly recorded?: { readonly config: ConfigValues; readonly settings: ConfigValues }
}

/** What is left to be said of values that may be written. */
export interface CheckedValues {
  readonly warnings: readonly Warning[]
  /** Problems that were there before; a change that leaves them is accepted, so that a component is repaired step by step. */
  readonly problems: readonly Problem[]
}

/**
 * Checks values by the flavor's JSON Schemas and by its own code.
 * @throws StackError `secret-plain-text`, `invalid-config` or `invalid-settings` with every problem that is new.
 */
export async function checkCandidate(candidate: CandidateValues): Promise<CheckedValues> {
  const { registry, handle, config, settings, recorded } = candidate
  const result = await validateComponent({ registry, handle, config, settings })
  const before =
    recorded === undefined || result.problems.length === 0
      ? []
      : (await validateComponent({ registry, handle, ...recorded })).problems
  const known = new Set(before.map(textOf))
  const introduced = result.problems.filter((problem) => !known.has(textOf(problem)))
  if (introduced.length > 0) throw refused(candidate, introduced, result.secretPlainText)
  return { warnings: result.warnings, problems: result.problems }
}

function textOf({ path, message }: Problem): string {
  return JSON.stringify([path, message])
}

function refused(candidate: CandidateValues, problems: readonly Problem[], secretPlainText: boolean): StackError {
  const ofSettings = problems.every(({ path }) => path === 'settings' || path.startsWith('settings.'))
  const code = secretPlainText ? 'secret-plain-text' : ofSettings ? 'invalid-settings' : 'invalid-config'
  const { type, name, handle } = candidate
  return new StackError(code, `The ${type} "${name}" does not fit the flavor "${handle.name}".`, {
    problems,
    hint: secretPlainText
      ? `Give a secret as a reference, for instance '{{env:NAME}}' for an environment variable.`
      : `See the fields with: stack ${type} flavor describe ${handle.name}`,
  })
}
