/** Pipelines: a synchronous function that says which step gets what, traced into a plan. */
import { type SettingsByKey, StackError } from '@stack/core'
import { checkName } from './name.js'
import { isSchema, type Schema, type SchemaOutput } from './schema.js'

const brand = Symbol.for('@stack/pipelines/pipeline')

/** What the parameters of a pipeline are to its `run`. */
export type PipelineParams<P> = P extends Schema ? SchemaOutput<P> : Readonly<Record<string, never>>

/** What a pipeline is made of, see {@link pipeline}. */
export interface PipelineOptions<P> {
  readonly name: string
  /** A Standard Schema of the parameters. */
  readonly params?: P
  /** Settings of components for every step, by `type`, `type.flavor` or `type:component`. */
  readonly settings?: SettingsByKey
  /** Calls steps and passes their handles on; called once for each run, with validated parameters. Must not be async. */
  readonly run: (params: PipelineParams<P>) => unknown
}

/** A pipeline as a host handles it. */
export interface PipelineDefinition {
  readonly name: string
  readonly params: Schema | undefined
  readonly settings: SettingsByKey
  run(params: unknown): unknown
}

/** A pipeline as its author handles it; calling its `run` in another pipeline's adds its steps to that one. */
export interface Pipeline<P> extends PipelineDefinition {
  run(params: PipelineParams<P>): unknown
}

/**
 * Defines a pipeline.
 * @throws StackError `invalid-name`, `invalid-pipeline`.
 */
export function pipeline<P extends Schema<unknown, unknown> | undefined = undefined>(
  options: PipelineOptions<P>,
): Pipeline<P> {
  const name = checkName('pipeline', options.name)
  const { params, run, settings = {} } = options
  if (typeof run !== 'function') throw invalid(name, 'its run is not a function')
  if (params !== undefined && !isSchema(params)) throw invalid(name, 'its params are not a Standard Schema')
  const definition = { name, params, settings, run }
  Object.defineProperty(definition, brand, { value: true })
  return Object.freeze(definition) as Pipeline<P>
}

/** Recognises a pipeline of any copy of this package. */
export function isPipeline(value: unknown): value is PipelineDefinition {
  return typeof value === 'object' && value !== null && brand in value
}

function invalid(name: string, why: string): StackError {
  return new StackError('invalid-pipeline', `The pipeline "${name}" is not valid: ${why}.`)
}
