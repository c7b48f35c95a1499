/** Steps: named, typed functions that a pipeline's plan is made of. */
import { type SettingsByKey, StackError } from '@stack/core'
import { builtinMaterializers } from '../materializers/builtin-materializers.js'
import type { Materializer } from '../materializers/materializer.js'
import { activeTrace } from './active-trace.js'
import type { StepContext } from './context.js'
import { checkName } from './name.js'
import { readOutputs, splitResult, validateResult } from './outputs.js'
import { describeProblems, isSchema, type Schema, validate } from './schema.js'
import type { StepCallOptions, StepDefinition } from './step-definition.js'
import type {
  BoundInputs,
  InputSchema,
  OutputSchemas,
  StepGiven,
  StepHandles,
  StepInput,
  StepResult,
  StepReturn,
} from './step-types.js'

const brand = Symbol.for('@stack/pipelines/step')

/** What a step is made of, see {@link step}. */
export interface StepOptions<I, O, R> {
  /** Unique in a pipeline's plan; `[A-Za-z_][A-Za-z0-9_-]*`. */
  readonly name: string
  /** A Standard Schema of an object: what the step takes. */
  readonly input?: I
  /** A Standard Schema of what the step gives, or a record of them for several outputs. */
  readonly output?: O
  /** The work. The input is validated before, the result after. */
  readonly run: (input: StepInput<I>, context: StepContext) => StepReturn<O, R> | Promise<StepReturn<O, R>>
  /** Who writes and reads an output, by its name (a single output is called `output`), in place of the built-in choice. */
  readonly materializers?: { readonly [output: string]: Materializer }
  /** Settings of components for this step, by `type`, `type.flavor` or `type:component`. */
  readonly settings?: SettingsByKey
}

/** A step as its author handles it: called in a pipeline it gives handles, `run` calls its function. */
export interface Step<I, O, R> extends StepDefinition {
  (
    ...call: Record<never, never> extends StepGiven<I>
      ? [inputs?: BoundInputs<StepGiven<I>>, options?: StepCallOptions]
      : [inputs: BoundInputs<StepGiven<I>>, options?: StepCallOptions]
  ): StepHandles<O, R>
  run(input: StepGiven<I>, context: StepContext): Promise<StepResult<O, R>>
}

/**
 * Defines a step. What the output's schema makes of the result is what is stored and what later steps get.
 * @throws StackError `invalid-name`, `invalid-pipeline`.
 */
export function step<I extends InputSchema | undefined = undefined, R = unknown>(
  // Apart, because what `run` gives is inferred whole only where no schema could say otherwise: a union is one type then.
  options: StepOptions<I, undefined, R> & { readonly output?: undefined },
): Step<I, undefined, R>
export function step<
  I extends InputSchema | undefined = undefined,
  O extends OutputSchemas | undefined = undefined,
  R = unknown,
>(options: StepOptions<I, O, R>): Step<I, O, R>
export function step<I extends InputSchema | undefined, O extends OutputSchemas | undefined, R>(
  options: StepOptions<I, O, R>,
): Step<I, O, R> {
  const name = checkName('step', options.name)
  const { run, input, settings = {} } = options
  if (typeof run !== 'function') throw invalid(name, 'its run is not a function')
  if (input !== undefined && !isSchema(input)) throw invalid(name, 'its input is not a Standard Schema')
  const { outputs, single } = readOutputs(name, options.output)
  const { materializers = {} } = options
  checkMaterializers(name, outputs, materializers)

  const definition = {
    input,
    outputs,
    single,
    materializers,
    settings,
    async run(given: unknown, context: StepContext): Promise<unknown> {
      const received = await validateInput(name, input, given)
      return validateResult(definition, name, await run(received as StepInput<I>, context))
    },
    splitResult: (result: unknown, invocation = name) => splitResult(definition, invocation, result),
  }
  const call = (inputs: Readonly<Record<string, unknown>> = {}, callOptions: StepCallOptions = {}): unknown => {
    const trace = activeTrace()
    if (trace === undefined) throw calledOutside(name)
    return trace.invoke(call as unknown as StepDefinition, inputs, callOptions)
  }
  Object.assign(call, definition)
  Object.defineProperty(call, 'name', { value: name, enumerable: true })
  Object.defineProperty(call, brand, { value: true })
  return Object.freeze(call) as unknown as Step<I, O, R>
}

/** Recognises a step of any copy of this package. */
export function isStep(value: unknown): value is StepDefinition {
  return typeof value === 'function' && brand in value
}

async function validateInput(name: string, schema: Schema | undefined, given: unknown): Promise<unknown> {
  if (schema === undefined) return given
  const validated = await validate(schema, given)
  if ('value' in validated) return validated.value
  const { problems } = validated
  throw new StackError(
    'invalid-input',
    `The step "${name}" was given an invalid input: ${describeProblems(problems)}.`,
    {
      problems,
    },
  )
}

/** A commit names materializers by name alone, so names must tell them apart. */
function checkMaterializers(
  name: string,
  outputs: StepDefinition['outputs'],
  materializers: StepDefinition['materializers'],
): void {
  const named = new Map<string, Materializer>()
  for (const [output, materializer] of Object.entries(materializers)) {
    if (!outputs.has(output)) throw invalid(name, `it has a materializer for "${output}", which is none of its outputs`)
    if (typeof materializer.name !== 'string' || materializer.name === '') {
      throw invalid(name, `the materializer of "${output}" has no name`)
    }
    if (builtinMaterializers.has(materializer.name)) {
      throw invalid(name, `the name "${materializer.name}" of its materializer is that of a built-in one`)
    }
    if ((named.get(materializer.name) ?? materializer) !== materializer) {
      throw invalid(name, `two of its materializers are named "${materializer.name}"`)
    }
    named.set(materializer.name, materializer)
  }
}

function invalid(name: string, why: string): StackError {
  return new StackError('invalid-pipeline', `The step "${name}" is not valid: ${why}.`)
}

function calledOutside(name: string): StackError {
  return new StackError('usage', `The step "${name}" was called outside of a pipeline.`, {
    hint: `Call it in the run of a pipeline, or run its function alone: await ${name}.run(input, testContext()).`,
  })
}
