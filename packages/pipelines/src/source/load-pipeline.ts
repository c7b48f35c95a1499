/** Finds a pipeline in a user's file: `file#export`, or the only one of a file. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { type CodeLocation, didYouMean, type SourceLoader, StackError } from '@stack/core'
import { isPipeline, type PipelineDefinition } from '../definition/pipeline.js'
import { displayPath } from './source-position.js'

/** From where a pipeline's path is read. */
export interface LoadPipelineOptions {
  readonly cwd: string
  /** Tried where the working directory has no such file. */
  readonly projectRoot: string
}

/** A pipeline, and where another process finds it. */
export interface LoadedPipeline {
  readonly pipeline: PipelineDefinition
  readonly code: CodeLocation
}

/**
 * Loads a pipeline.
 * @throws StackError `not-found` for a file or export that is not there, `invalid-pipeline` for an export that is none,
 * `usage` where a file has several and none was named, `source-error`.
 */
export async function loadPipeline(
  loader: SourceLoader,
  spec: string,
  options: LoadPipelineOptions,
): Promise<LoadedPipeline> {
  const { file, name } = readSpec(spec, options)
  const shown = displayPath(file, options.projectRoot)
  const { module } = await loader.load(file)
  const found = name === undefined ? onlyPipeline(module, shown) : namedPipeline(module, name, shown)
  return {
    pipeline: found.pipeline,
    code: { kind: 'path', root: options.projectRoot, file: codeFile(file, options.projectRoot), export: found.name },
  }
}

/** A file's name may have a `#` of its own: the last one counts, unless the whole is a file. */
function readSpec(spec: string, options: LoadPipelineOptions): { readonly file: string; readonly name?: string } {
  const whole = findFile(spec, options)
  if (whole !== undefined) return { file: whole }
  const mark = spec.lastIndexOf('#')
  const path = mark === -1 ? spec : spec.slice(0, mark)
  const name = mark === -1 ? '' : spec.slice(mark + 1)
  const file = path === '' ? undefined : findFile(path, options)
  if (file === undefined) throw missingFile(path, options)
  return name === '' ? { file } : { file, name }
}

function findFile(path: string, { cwd, projectRoot }: LoadPipelineOptions): string | undefined {
  return [resolve(cwd, path), resolve(projectRoot, path)].find((candidate) =>
    statSync(candidate, { throwIfNoEntry: false })?.isFile(),
  )
}

function namedPipeline(module: object, name: string, shown: string): NamedPipeline {
  const exported = Object.entries(module)
  const value = exported.find(([key]) => key === name)?.[1]
  if (isPipeline(value)) return { name, pipeline: value }
  if (value !== undefined) {
    throw new StackError('invalid-pipeline', `The export "${name}" of ${shown} is not a pipeline.`, {
      hint: `Make it one: export const ${name} = pipeline({ name, run }).`,
    })
  }
  const pipelines = exported.filter(([, item]) => isPipeline(item)).map(([key]) => key)
  const near = didYouMean(name, pipelines.length > 0 ? pipelines : Object.keys(module))
  throw new StackError('not-found', `${shown} has no export "${name}".${near}`, {
    hint: pipelines.length === 0 ? 'It exports no pipeline.' : `Its pipelines are: ${pipelines.join(', ')}.`,
  })
}

interface NamedPipeline {
  readonly name: string
  readonly pipeline: PipelineDefinition
}

/** A pipeline exported twice, by its name and as default perhaps, is one. */
function onlyPipeline(module: object, shown: string): NamedPipeline {
  const names = new Map<PipelineDefinition, string>()
  for (const [name, value] of Object.entries(module)) {
    if (isPipeline(value) && (!names.has(value) || names.get(value) === 'default')) names.set(value, name)
  }
  const [first, ...others] = [...names].map(([pipeline, name]) => ({ name, pipeline }))
  if (first === undefined) {
    throw new StackError('invalid-pipeline', `${shown} exports no pipeline.`, {
      hint: 'Export one: export const train = pipeline({ name, run }).',
    })
  }
  if (others.length === 0) return first
  const all = [first, ...others].map(({ name }) => name)
  throw new StackError('usage', `${shown} has ${all.length} pipelines: ${all.join(', ')}.`, {
    hint: `Say which one: ${shown}#${first.name}`,
  })
}

function missingFile(path: string, { cwd }: LoadPipelineOptions): StackError {
  const file = resolve(cwd, path)
  const directory = dirname(file)
  const what = existsSync(file) ? `${path} is not a file.` : `There is no file ${path === '' ? '""' : path}.`
  const near = existsSync(directory) && !existsSync(file) ? didYouMean(basename(file), readdirSync(directory)) : ''
  return new StackError('not-found', `${what}${near}`, {
    hint: 'A pipeline is named by its file and export: pipelines/train.ts#train',
  })
}

function codeFile(file: string, root: string): string {
  const inside = relative(root, file)
  return inside.startsWith('..') || resolve(inside) === inside ? file : inside.split(sep).join('/')
}
