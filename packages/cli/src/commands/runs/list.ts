/** `stack runs list`. */
import { type RunStatus, StackError } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { optionValue, type ParsedArguments } from '../../program/parsed-arguments.js'
import { importPipelines } from '../../program/pipelines-package.js'

const statuses = ['running', 'completed', 'failed', 'cancelled', 'interrupted'] as const

/** Lists runs, the newest first. */
export const listRuns: CommandDefinition = {
  options: [
    { name: 'pipeline', value: 'NAME', summary: 'Only runs of this pipeline.' },
    { name: 'status', value: 'STATUS', summary: `Only runs with this status: ${statuses.join(', ')}.` },
    { name: 'limit', value: 'N', summary: 'At most so many; 50 unless given.' },
  ],
  async run(parsed, context) {
    const project = await context.project()
    const [pipeline, status] = [optionValue(parsed, 'pipeline'), statusOf(parsed)]
    const runs = await project.records.listRuns({
      ...(pipeline === undefined ? {} : { pipeline }),
      ...(status === undefined ? {} : { status }),
      limit: limitOf(parsed),
    })
    const { toRunResult } = await importPipelines({ projectRoot: project.root })
    const views = runs.map((run) => toRunResult(run, [])).map(({ steps: _steps, ...run }) => run)
    return {
      data: views,
      names: views.map(({ id }) => id),
      view: {
        kind: 'table',
        columns: ['ID', 'PIPELINE', 'STACK', 'STATUS', 'STARTED'],
        rows: views.map((run) => [run.id, run.pipeline, run.stack, run.status, run.startedAt]),
        empty: 'There are no runs yet.',
      },
    }
  },
}

/** The number of `--limit`. */
export function limitOf(parsed: ParsedArguments): number {
  const text = optionValue(parsed, 'limit') ?? '50'
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new StackError('usage', `--limit takes a number from 1, not ${JSON.stringify(text.slice(0, 100))}.`, {
    hint: '--limit 50',
  })
}

function statusOf(parsed: ParsedArguments): RunStatus | undefined {
  const text = optionValue(parsed, 'status')
  const status = statuses.find((each) => each === text)
  if (text === undefined || status !== undefined) return status
  throw new StackError('usage', `${JSON.stringify(text.slice(0, 100))} is not a status of a run.`, {
    hint: `The statuses are: ${statuses.join(', ')}.`,
  })
}
