/** `stack runs describe ID`. */
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { importPipelines } from '../../program/pipelines-package.js'
import { findRun } from './find-run.js'
import { describeResult } from './run-view.js'

/** Shows a run and its steps. */
export const describeRun: CommandDefinition = {
  arguments: [{ name: 'ID', summary: 'the run, the beginning of its id, or "latest"' }],
  async run(parsed, context) {
    const project = await context.project()
    const run = await findRun(project, operand(parsed, 0))
    const { toRunResult } = await importPipelines({ projectRoot: project.root })
    return describeResult(toRunResult(run, await project.records.listStepRuns(run.id)))
  },
}
