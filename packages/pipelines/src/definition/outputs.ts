/** The outputs of a step: their names and schemas, and what a result means for them. */
import { formatProblemPath, type Problem, StackError } from '@stack/core'
import { checkName } from './name.js'
import { describeProblems, isSchema, type Schema, validate } from './schema.js'

/** Outputs as a step declares them. */
export interface DeclaredOutputs {
  readonly outputs: ReadonlyMap<string, Schema | undefined>
  readonly single: boolean
}

/** The name of an output that is alone. */
export const singleOutput = 'output'

/** Reads a step's `output`: a schema, a record of schemas, or nothing for one output that is taken as it comes. */
export function readOutputs(step: string, declared: unknown): DeclaredOutputs {
  if (declared === undefined || isSchema(declared))
    return { outputs: new Map([[singleOutput, declared]]), single: true }
  if (typeof declared !== 'object' || declared === null) throw invalid(step)
  const outputs = new Map<string, Schema | undefined>()
  const folded = new Map<string, string>()
  for (const [name, schema] of Object.entries(declared)) {
    checkName('step output', name)
    if (!isSchema(schema)) throw invalid(step, name)
    const other = folded.get(name.toLowerCase())
    if (other !== undefined) {
      throw new StackError(
        'invalid-name',
        `The step "${step}" has the outputs "${other}" and "${name}", which differ in case only.`,
        { hint: 'Some artifact stores cannot tell them apart: rename one.' },
      )
    }
    folded.set(name.toLowerCase(), name)
    outputs.set(name, schema)
  }
  return { outputs, single: false }
}

/**
 * Validates everything a step gave and gives what the schemas made of it, in the same form.
 * @throws StackError `invalid-output`, naming each path that failed.
 */
export async function validateResult(declared: DeclaredOutputs, step: string, result: unknown): Promise<unknown> {
  const values = splitResult(declared, step, result)
  const validated: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, schema] of declared.outputs) {
    if (schema === undefined) {
      validated[name] = values[name]
      continue
    }
    const checked = await validate(schema, values[name], [name])
    if ('value' in checked) validated[name] = checked.value
    else problems.push(...checked.problems)
  }
  if (problems.length > 0) throw invalidOutput(step, problems)
  return declared.single ? validated[singleOutput] : validated
}

/**
 * Values by output name.
 * @throws StackError `invalid-output` where the result is no record of exactly the step's outputs.
 */
export function splitResult(declared: DeclaredOutputs, step: string, result: unknown): Record<string, unknown> {
  if (declared.single) return { [singleOutput]: result }
  const names = [...declared.outputs.keys()]
  if (names.length === 0 && result === undefined) return {}
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    const outputs = names.join(', ')
    throw invalidOutput(step, [{ path: '', message: `the step must give an object with its outputs (${outputs})` }])
  }
  const problems: Problem[] = []
  for (const name of names) {
    if (!Object.hasOwn(result, name)) problems.push({ path: name, message: 'the step did not give this output' })
  }
  for (const key of Object.keys(result)) {
    if (!declared.outputs.has(key)) {
      problems.push({ path: formatProblemPath([key]), message: 'the step declares no such output' })
    }
  }
  if (problems.length > 0) throw invalidOutput(step, problems)
  return { ...result }
}

function invalidOutput(step: string, problems: readonly Problem[]): StackError {
  return new StackError('invalid-output', `The step "${step}" gave an invalid output: ${describeProblems(problems)}.`, {
    problems,
  })
}

function invalid(step: string, output?: string): StackError {
  const what = output === undefined ? 'its output' : `its output "${output}"`
  return new StackError('invalid-pipeline', `The step "${step}" is not valid: ${what} is not a Standard Schema.`)
}
