/** The conformance kit of orchestrators: every promise of the contract as a case, on any engine. */
import type { Orchestrator } from '@stack/core'
import { describe, expect, test } from 'vitest'
import { checkSkips, type Skips } from '../declared-skips.js'
import { cancellingCases } from './cases/cancelling.js'
import { failingCases } from './cases/failing.js'
import { followingCases } from './cases/following.js'
import { schedulingCases } from './cases/scheduling.js'
import type { OrchestratorCase, OrchestratorOptions } from './orchestrator-case.js'
import { ScriptedRun } from './scripted-run.js'

/** Every case there is, in the order in which they run. */
export const orchestratorCases: readonly OrchestratorCase[] = [
  ...schedulingCases,
  ...failingCases,
  ...cancellingCases,
  ...followingCases,
]

/** What the kit needs to know of an orchestrator. */
export interface OrchestratorSuite {
  /** Shown in the tests' names. */
  readonly name: string
  /** Makes an orchestrator. It runs the attempts through the host it is given: in this process, or by the host's commands. */
  readonly create: (options: OrchestratorOptions) => Orchestrator | Promise<Orchestrator>
  /** What this engine declares not to promise: the case's id and the reason, which is printed. */
  readonly skip?: Skips
}

/**
 * Declares the tests of an orchestrator.
 * @throws TypeError where `skip` names no case, or gives no reason.
 */
export function describeOrchestrator(suite: OrchestratorSuite): void {
  const skip = suite.skip ?? {}
  checkSkips('orchestrator', orchestratorCases, skip)
  describe(`orchestrator ${suite.name}`, () => {
    for (const orchestratorCase of orchestratorCases) {
      const { id } = orchestratorCase
      const title = `${id}: ${orchestratorCase.title}`
      const reason = skip[id]
      if (reason === undefined) {
        test(title, () => runOrchestratorCase(suite, orchestratorCase), 60_000)
        continue
      }
      console.info(`${suite.name} does not promise ${id}: ${reason}`)
      test.skip(`${title} (skipped: ${reason})`, () => {})
    }
  })
}

/** Runs one case; rejects where the orchestrator breaks it. */
export async function runOrchestratorCase(suite: OrchestratorSuite, orchestratorCase: OrchestratorCase): Promise<void> {
  const runs: ScriptedRun[] = []
  try {
    await orchestratorCase.run({
      async prepare(script, { concurrency = 4, graceMs = 5000, beside, report } = {}) {
        const orchestrator = beside?.orchestrator ?? (await suite.create({ concurrency, graceMs }))
        expect(orchestrator.submit).toBeTypeOf('function')
        const run = new ScriptedRun(orchestrator, `kit-${runs.length + 1}`, script, report)
        runs.push(run)
        return run
      },
    })
  } finally {
    for (const orchestrator of new Set(runs.map((run) => run.orchestrator))) await orchestrator.dispose()
    for (const run of runs) run.dispose()
  }
}
