/** Whether what a launcher resolves with is the end of the attempt that it launched. */
import { StackError } from '../errors/stack-error.js'
import type { StepOutcome } from './outcome.js'
import type { StepRef } from './step-ref.js'

/**
 * The outcome; a failure where it is no outcome at all, or carries the commit of another step or run. The commit of another
 * attempt at the same step stands: that attempt was first.
 */
export function checkOutcome(outcome: StepOutcome, ref: StepRef): StepOutcome {
  const problem = outcomeProblem(outcome, ref)
  if (problem === undefined) return outcome
  const error = new StackError('step-failed', `How the step "${ref.invocation}" ended is not known: ${problem}.`, {
    hint: 'This is a fault of the orchestrator’s flavor: report it to its author.',
    details: { invocation: ref.invocation },
  })
  return { status: 'failed', error: error.toJSON() }
}

function outcomeProblem(outcome: Partial<StepOutcome> | undefined, ref: StepRef): string | undefined {
  switch (outcome?.status) {
    case 'cancelled':
      return undefined
    case 'failed':
      return typeof outcome.error?.message === 'string' ? undefined : 'its launcher reported a failure without an error'
    case 'completed': {
      const { run, invocation } = outcome.commit ?? {}
      if (run === ref.run && invocation === ref.invocation) return undefined
      return `its launcher reported the commit of the step ${JSON.stringify(invocation)} of the run ${JSON.stringify(run)}`
    }
    default:
      return 'its launcher reported no outcome'
  }
}
