/** `stack get`. */
import type { CommandDefinition } from '../../program/command.js'
import { stackResult } from './stack-view.js'

/** Shows which stack is active. */
export const getStack: CommandDefinition = {
  async run(_parsed, context) {
    const project = await context.project()
    const { stack } = await project.stacks.active()
    return { ...stackResult(stack), view: { kind: 'text', text: stack.name } }
  },
}
