/** `stack run FILE[#EXPORT]`. */
import { StackError } from '@stack/core'
import { formatFlavorSpec, openStack } from '@stack/core/host'
import { collectFields } from '../../flags/collect-fields.js'
import { makeProgress } from '../../output/progress.js'
import { builtinFlavors } from '../../program/builtin-flavors.js'
import type { CommandDefinition, CommandResult } from '../../program/command.js'
import type { CommandContext } from '../../program/command-context.js'
import { interruptSignals } from '../../program/interrupt.js'
import { hasOption, type ParsedArguments } from '../../program/parsed-arguments.js'
import { runResult } from '../runs/run-view.js'
import { stackOption } from '../stack/stack-components.js'
import { loadForRun, type PipelineToRun } from './pipeline-to-run.js'
import { planResult } from './plan-view.js'
import { runFields } from './run-fields.js'
import { foldSettings } from './run-settings.js'

const options = [stackOption, { name: 'dry-run', summary: 'Show the plan and run nothing.' }]

/** Runs a pipeline on the active stack; its parameters are flags. */
export const run: CommandDefinition = {
  arguments: [
    { name: 'FILE[#EXPORT]', summary: 'the file of the pipeline, and its export where the file has several' },
  ],
  options,
  async fields(first, context) {
    const spec = first.operands[0]
    if (spec === undefined) {
      if (context.flags.help) return undefined
      throw new StackError('usage', `${context.words} needs FILE[#EXPORT], before any flag of the pipeline's own.`, {
        hint: 'stack run pipelines/train.ts#train',
      })
    }
    return runFields(await loadForRun(spec, first, context), options)
  },
  async run(parsed, context) {
    const loaded = await loadForRun(parsed.operands[0] ?? '', parsed, context)
    const { cwd } = context
    warnOfShadows(loaded, context)
    const params = await collectFields(parsed.fieldFlags, parsed.fields, 'param', { cwd })
    const given = await collectFields(parsed.fieldFlags, parsed.fields, 'settings', { cwd })
    const settings = foldSettings(given, loaded.stack)
    if (hasOption(parsed, 'dry-run')) {
      const { plan } = await loaded.host.planPipeline(loaded.pipeline, params, { settings })
      return planResult(plan)
    }
    return execute(loaded, { params, settings, parsed, context })
  },
}

/** Components keep the package they were registered with: one is named only where the stack uses it. */
function warnOfShadows({ stack, project: { registry } }: PipelineToRun, context: CommandContext): void {
  for (const component of stack.components) {
    const handle = registry.tryResolve(component.type, formatFlavorSpec(component))
    if (!('root' in handle)) continue
    for (const warning of registry.shadowWarnings(handle)) context.warn(warning)
  }
}

interface Execution {
  readonly params: Awaited<ReturnType<typeof collectFields>>
  readonly settings: ReturnType<typeof foldSettings>
  readonly parsed: ParsedArguments
  readonly context: CommandContext
}

async function execute(loaded: PipelineToRun, { params, settings, context }: Execution): Promise<CommandResult> {
  const { project, pipeline, code, stack, host } = loaded
  const progress = await makeProgress(context)
  context.onEnd(() => progress.stop())
  // Records keep no stack traces; --debug shows those of this run.
  const traces = new Map<string, string | undefined>()
  const result = await host.runPipeline({
    pipeline,
    params,
    settings,
    stack,
    code,
    projectRoot: project.root,
    records: project.records,
    ...interruptSignals(context),
    builtins: builtinFlavors(),
    sourceFlavors: await project.records.listSourceFlavors(),
    onEvent(event) {
      progress.show(event)
      if (event.kind === 'attempt-ended' && event.outcome.status === 'failed') {
        traces.set(event.ref.invocation, event.outcome.error.stack)
      }
    },
    open: (definition, { settings, log }) =>
      openStack(definition, { registry: project.registry, projectRoot: project.root, settings, log, env: context.env }),
  })
  progress.stop()
  return runResult(result, traces)
}
