/** How runs are shown: the data of `stack run` and of `stack runs describe`. */
import { StackError, type StackErrorJson } from '@stack/core'
import type { RunResult, StepResult } from '@stack/pipelines/host'
import { formatDuration } from '../../output/format-duration.js'
import type { TableView } from '../../output/view.js'
import type { CommandResult } from '../../program/command.js'

/** The result of a run that was just made: exit code 7 where it failed, 130 where it was cancelled. */
export function runResult(run: RunResult, traces: ReadonlyMap<string, string | undefined>): CommandResult {
  const base = describeResult(run)
  if (run.status === 'completed') {
    return { ...base, message: `The run ${run.id} completed in ${formatDuration(run.durationMs ?? 0)}.` }
  }
  if (run.status === 'failed') return { ...base, exitCode: 7, error: failureOf(run, traces) }
  const error = new StackError('interrupted', `The run ${run.id} of "${run.pipeline}" was ${run.status}.`, {
    hint: `stack runs describe ${run.id}`,
  })
  return { ...base, exitCode: 130, error }
}

/** The result of looking at a run. */
export function describeResult(run: RunResult): CommandResult {
  return {
    data: {
      ...run,
      steps: run.steps.map((step) => ({
        ...step,
        ...(step.error === undefined ? {} : { error: withoutTrace(step.error) }),
      })),
    },
    names: [run.id],
    view: {
      kind: 'sections',
      views: [
        {
          kind: 'record',
          entries: [
            ['run', run.id],
            ['pipeline', run.pipeline],
            ['stack', run.stack],
            ['status', run.status],
            ['started', run.startedAt],
            ['duration', durationText(run.durationMs)],
          ],
        },
        stepsTable(run.steps),
      ],
    },
  }
}

function stepsTable(steps: readonly StepResult[]): TableView {
  return {
    kind: 'table',
    columns: ['STEP', 'STATUS', 'ATTEMPT', 'DURATION', 'ARTIFACTS'],
    rows: steps.map((step) => [
      step.name,
      step.cached ? `${step.status} (cached)` : step.status,
      step.attempt,
      durationText(step.durationMs),
      Object.entries(step.outputs)
        .map(([name, id]) => `${name}=${id}`)
        .join(' '),
    ]),
  }
}

/** Why a run failed: the error of the first step that did, which names the step, the reason and the place in the user's code. */
function failureOf(run: RunResult, traces: ReadonlyMap<string, string | undefined>): StackError {
  const failed = run.steps.filter(({ status }) => status === 'failed')
  const error = failed[0]?.error ??
    run.error ?? { code: 'step-failed', message: `The run of "${run.pipeline}" failed.` }
  const others = failed.slice(1).map(({ name }) => ({ path: '', message: `the step "${name}" failed too` }))
  const skipped = run.steps.filter(({ status }) => status === 'skipped').map(({ name }) => name)
  const left = skipped.length === 0 ? [] : [{ path: '', message: `not run because of it: ${skipped.join(', ')}` }]
  const stack = traces.get(failed[0]?.name ?? '')
  return StackError.fromJSON({
    ...error,
    ...(stack === undefined ? {} : { stack }),
    hint: error.hint ?? `stack runs logs ${run.id}`,
    problems: [...(error.problems ?? []), ...others, ...left],
  })
}

function withoutTrace({ stack: _stack, ...error }: StackErrorJson): StackErrorJson {
  return error
}

function durationText(ms: number | null): string {
  return ms === null ? '' : formatDuration(ms)
}
