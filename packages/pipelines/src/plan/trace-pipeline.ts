/** Traces a pipeline: calls its `run` once and notes which step gets what. */
import { type PlannedInvocation, type SettingsByKey, StackError } from '@stack/core'
import { type Trace, withTrace } from '../definition/active-trace.js'
import { createHandle, isHandle } from '../definition/handle.js'
import { createHandleRecord, invocationSource } from '../definition/handle-record.js'
import { unknownFields } from '../definition/known-fields.js'
import { nameProblem } from '../definition/name.js'
import type { PipelineDefinition } from '../definition/pipeline.js'
import { describeProblems } from '../definition/schema.js'
import type { StepCallOptions, StepDefinition } from '../definition/step-definition.js'
import { mergeSettings } from './merge-settings.js'
import { writeBinding } from './write-binding.js'

/** What tracing a pipeline gives. */
export interface TraceResult {
  readonly invocations: readonly PlannedInvocation[]
  readonly steps: ReadonlyMap<string, StepDefinition>
}

/** Settings below and above those of steps and calls. */
export interface TraceSettings {
  /** Weaker: the pipeline's. */
  readonly pipeline: SettingsByKey
  /** Stronger: the run's. */
  readonly run: SettingsByKey
}

/**
 * Calls the pipeline's `run` with validated parameters.
 * @throws StackError `invalid-pipeline`, or what the function throws.
 */
export function tracePipeline(pipeline: PipelineDefinition, params: unknown, settings: TraceSettings): TraceResult {
  const trace = new PipelineTrace(pipeline.name, settings)
  const result = withTrace(trace, () => pipeline.run(params))
  if (isPromise(result)) {
    result.then(undefined, () => {})
    throw new StackError('invalid-pipeline', `The run of the pipeline "${pipeline.name}" gave a promise.`, {
      hint: 'A pipeline only says which step gets what, at once: remove async and await, and move the work into steps.',
    })
  }
  if (trace.invocations.length === 0) {
    throw new StackError('invalid-pipeline', `The pipeline "${pipeline.name}" calls no step.`, {
      hint: 'Call at least one step in its run.',
    })
  }
  return trace
}

/** The plan of one pipeline while it grows. */
class PipelineTrace implements Trace, TraceResult {
  readonly invocations: PlannedInvocation[] = []
  readonly steps = new Map<string, StepDefinition>()
  readonly #pipeline: string
  readonly #settings: TraceSettings
  /** Names by their folded form: some stores cannot tell `A` from `a`. */
  readonly #folded = new Map<string, string>()
  /** The count to try next for a step's name, so that naming 5,000 uses of one step stays linear. */
  readonly #nextCount = new Map<string, number>()

  constructor(pipeline: string, settings: TraceSettings) {
    this.#pipeline = pipeline
    this.#settings = settings
  }

  invoke(step: StepDefinition, inputs: Readonly<Record<string, unknown>>, options: StepCallOptions): unknown {
    const name = this.#nameFor(step, options.name)
    const sources = new Set<string>()
    this.#checkInputs(step, name, inputs)
    const bindings: PlannedInvocation['inputs'] = Object.fromEntries(
      Object.entries(inputs)
        .filter(([, value]) => value !== undefined)
        .map(([input, value]) => [
          input,
          writeBinding(value, { trace: this, owner: `${name}.${input}`, found: (source) => sources.add(source) }),
        ]),
    )
    for (const before of [options.after ?? []].flat() as readonly unknown[]) sources.add(this.#sourceOf(before, name))

    const outputs = [...step.outputs.keys()]
    const { pipeline, run } = this.#settings
    this.invocations.push({
      name,
      step: step.name,
      inputs: bindings,
      after: [...sources],
      outputs,
      settings: mergeSettings(pipeline, step.settings, options.settings, run),
    })
    this.steps.set(name, step)
    const source = { trace: this, invocation: name }
    return step.single ? createHandle({ ...source, output: outputs[0] as string }) : createHandleRecord(source, outputs)
  }

  #nameFor(step: StepDefinition, given: string | undefined): string {
    const wanted = given ?? step.name
    const problem = nameProblem(wanted)
    if (problem !== undefined)
      throw this.#invalid(`an invocation cannot be named ${JSON.stringify(wanted)}: ${problem}`)
    const taken = (name: string) => this.#folded.get(name.toLowerCase())
    let name = wanted
    let count = this.#nextCount.get(wanted) ?? 2
    for (; given === undefined && taken(name) === name; count += 1) name = `${wanted}_${count}`
    this.#nextCount.set(wanted, count)
    const other = taken(name)
    if (other === name) throw this.#invalid(`two invocations are named "${name}"`)
    if (other !== undefined) {
      throw this.#invalid(`the invocations "${other}" and "${name}" differ in case only, which some stores cannot tell`)
    }
    this.#folded.set(name.toLowerCase(), name)
    return name
  }

  #checkInputs(step: StepDefinition, name: string, inputs: unknown): void {
    if (typeof inputs !== 'object' || inputs === null || isHandle(inputs) || Array.isArray(inputs)) {
      throw this.#invalid(`"${name}" was not called with an object of its inputs by name`)
    }
    if (step.input === undefined) {
      const names = Object.keys(inputs)
      if (names.length > 0) throw this.#invalid(`"${name}" was given ${names.join(', ')}, but it declares no input`)
      return
    }
    const problems = unknownFields(step.input, inputs)
    if (problems.length > 0) throw this.#invalid(`the inputs of "${name}" do not fit: ${describeProblems(problems)}`)
  }

  #sourceOf(before: unknown, name: string): string {
    const source = invocationSource(before)
    if (source === undefined) throw this.#invalid(`"after" of "${name}" has something that no step gave`)
    if (source.trace !== this) throw this.#invalid(`"after" of "${name}" has a handle of another pipeline's trace`)
    return source.invocation
  }

  #invalid(why: string): StackError {
    return new StackError('invalid-pipeline', `The pipeline "${this.#pipeline}" is not valid: ${why}.`)
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null || isHandle(value)) return false
  return typeof (value as { then?: unknown }).then === 'function'
}
