/** How a plan is shown. */
import type { RunPlan } from '@stack/core'
import type { CommandResult } from '../../program/command.js'

/** The result of `run --dry-run`: the invocations in their order. */
export function planResult(plan: RunPlan): CommandResult {
  return {
    data: plan,
    names: plan.invocations.map(({ name }) => name),
    view: {
      kind: 'table',
      columns: ['NAME', 'STEP', 'AFTER', 'OUTPUTS'],
      rows: plan.invocations.map(({ name, step, after, outputs }) => [
        name,
        step,
        after.join(', '),
        outputs.join(', '),
      ]),
      empty: 'The pipeline calls no step.',
    },
    message: `The plan of "${plan.pipeline}" has ${plan.invocations.length} steps; nothing was run.`,
  }
}
