/** Everything a run needs before its flags are known: the pipeline, the stack, and the package that runs it. */
import { dirname, resolve } from 'node:path'
import type { CodeLocation, StackDefinition } from '@stack/core'
import type { PipelineDefinition } from '@stack/pipelines'
import type { Project } from '@stack/project'
import type { CommandContext } from '../../program/command-context.js'
import { hasOption, optionValue, type ParsedArguments } from '../../program/parsed-arguments.js'
import { importPipelines, type PipelinesHost } from '../../program/pipelines-package.js'

/** A pipeline, loaded, and the stack it will run on. */
export interface PipelineToRun {
  readonly project: Project
  readonly host: PipelinesHost
  readonly pipeline: PipelineDefinition
  readonly code: CodeLocation
  readonly stack: StackDefinition
}

const loading = new WeakMap<CommandContext, Promise<PipelineToRun>>()

/** Loads what `FILE#EXPORT` names, once for a command. */
export function loadForRun(spec: string, parsed: ParsedArguments, context: CommandContext): Promise<PipelineToRun> {
  const loaded = loading.get(context) ?? load(spec, parsed, context)
  loading.set(context, loaded)
  return loaded
}

async function load(spec: string, parsed: ParsedArguments, context: CommandContext): Promise<PipelineToRun> {
  const reads = context.flags.help || hasOption(parsed, 'dry-run')
  const project = await context.project({ write: !reads })
  const host = await importPipelines({
    projectRoot: project.root,
    directory: dirname(resolve(context.cwd, spec.replace(/#.*$/, ''))),
  })
  const loader = host.createSourceLoader({ projectRoot: project.root })
  const place = { cwd: context.cwd, projectRoot: project.root }
  const { pipeline, code } = await host.loadPipeline(loader, spec, place)
  const { stack: active } = await project.stacks.active({ flag: optionValue(parsed, 'stack') })
  const stack = await project.stacks.definition(active.name)
  return { project, host, pipeline, code, stack }
}
