/** `stack list`. */
import type { CommandDefinition } from '../../program/command.js'
import { stacksResult } from './stack-view.js'

/** Lists the stacks, the active one marked. */
export const listStacks: CommandDefinition = {
  async run(_parsed, context) {
    const project = await context.project()
    return stacksResult(await project.stacks.list())
  },
}
