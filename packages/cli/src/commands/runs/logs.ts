/** `stack runs logs ID [STEP]`. */
import { didYouMean, StackError, type StepRunRecord } from '@stack/core'
import type { LogLine } from '@stack/pipelines/host'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { importPipelines } from '../../program/pipelines-package.js'
import { openArtifactStore } from '../artifact/open-artifact-store.js'
import { findRun } from './find-run.js'

/** A line, and the attempt that wrote it. */
interface StepLogLine extends LogLine {
  readonly step: string
  readonly attempt: number
}

/** Prints what the steps of a run logged, in the plan's order. */
export const runLogs: CommandDefinition = {
  arguments: [
    { name: 'ID', summary: 'the run, the beginning of its id, or "latest"' },
    { name: 'STEP', summary: 'only this step', optional: true },
  ],
  async run(parsed, context) {
    const project = await context.project()
    const run = await findRun(project, operand(parsed, 0))
    const steps = selectSteps(await project.records.listStepRuns(run.id), parsed.operands[1], run.id)
    const store = await openArtifactStore(project, run.artifactStore, context)
    const { readStepLog } = await importPipelines({ projectRoot: project.root })
    const lines: StepLogLine[] = []
    for (const { invocation, attempt: last } of steps) {
      for (let attempt = 1; attempt <= last; attempt += 1) {
        for await (const line of readStepLog(store, { run: run.id, invocation, attempt })) {
          lines.push({ step: invocation, attempt, ...line })
        }
      }
    }
    return {
      data: lines,
      names: lines.map(({ message }) => message),
      view: { kind: 'text', text: lines.map(lineText).join('\n') },
    }
  },
}

function lineText({ at, step, level, message, fields }: StepLogLine): string {
  const rest = fields === undefined ? '' : ` ${JSON.stringify(fields)}`
  return `${at} ${step} ${level} ${message}${rest}`
}

function selectSteps(steps: readonly StepRunRecord[], name: string | undefined, run: string): readonly StepRunRecord[] {
  if (name === undefined) return steps
  const found = steps.filter(({ invocation }) => invocation === name)
  if (found.length > 0) return found
  const suggestion = didYouMean(
    name,
    steps.map(({ invocation }) => invocation),
  )
  throw new StackError('not-found', `The run ${run} has no step ${JSON.stringify(name.slice(0, 100))}.${suggestion}`, {
    hint: `stack runs describe ${run}`,
  })
}
