/** The parameters of a run: validated for the pipeline, and in the form a plan keeps. */
import { isDeepStrictEqual } from 'node:util'
import { isStackError, type JsonValue, type Problem, type RunPlan, StackError } from '@stack/core'
import { unknownFields } from '../definition/known-fields.js'
import type { PipelineDefinition } from '../definition/pipeline.js'
import { describeProblems, validate } from '../definition/schema.js'
import { readConstant } from './bind-inputs.js'
import { writeBinding } from './write-binding.js'

/** Parameters of one run. */
export interface ReadParams {
  /** What the pipeline's `run` is called with. */
  readonly value: unknown
  /** What validates to the same again, as JSON: with defaults filled in, unless the schema changes what it gets. */
  readonly kept: RunPlan['params']
}

/**
 * Validates parameters as given by a person, a program or a plan.
 * @throws StackError `invalid-params` with every problem.
 */
export async function readParams(pipeline: PipelineDefinition, given: unknown): Promise<ReadParams> {
  const { params: schema } = pipeline
  const named = readNamed(pipeline, given)
  if (schema === undefined) {
    const names = Object.keys(named)
    if (names.length === 0) return { value: {}, kept: {} }
    throw invalidParams(
      pipeline,
      names.map((name) => ({ path: name, message: 'the pipeline takes no parameters' })),
    )
  }
  const validated = await validate(schema, named)
  const unknown = unknownFields(schema, named)
  const problems = 'problems' in validated ? validated.problems : []
  const rest = unknown.filter(({ path }) => !problems.some((problem) => problem.path === path))
  if (!('value' in validated) || rest.length > 0) throw invalidParams(pipeline, [...problems, ...rest])
  const again = await validate(schema, validated.value)
  const stable = 'value' in again && isDeepStrictEqual(again.value, validated.value)
  return { value: validated.value, kept: keep(stable ? validated.value : named) }
}

function readNamed(pipeline: PipelineDefinition, given: unknown): Record<string, unknown> {
  const named = given ?? {}
  if (typeof named !== 'object' || Array.isArray(named)) {
    throw invalidParams(pipeline, [{ path: '', message: 'parameters are an object, by name' }])
  }
  const problems: Problem[] = []
  const read = Object.entries(named).map(([name, value]) => {
    try {
      return [name, readConstant(value as JsonValue)] as const
    } catch (error) {
      if (!isStackError(error, 'invalid-input')) throw error
      problems.push({ path: name, message: error.message })
      return [name, undefined] as const
    }
  })
  if (problems.length > 0) throw invalidParams(pipeline, problems)
  return Object.fromEntries(read)
}

function keep(value: unknown): RunPlan['params'] {
  if (typeof value !== 'object' || value === null) return {}
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const context = { trace: {}, found: () => {} }
  return Object.fromEntries(entries.map(([name, item]) => [name, writeBinding(item, { ...context, owner: name })]))
}

function invalidParams(pipeline: PipelineDefinition, problems: StackError['problems']): StackError {
  return new StackError(
    'invalid-params',
    `The parameters of the pipeline "${pipeline.name}" are not valid: ${describeProblems(problems)}.`,
    { problems },
  )
}
