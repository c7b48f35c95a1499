/** `stack describe [NAME]`. */
import type { CommandDefinition } from '../../program/command.js'
import { stackOption } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Shows a stack: the one named, else the active one. */
export const describeStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack; the active one unless given', optional: true }],
  options: [stackOption],
  async run(parsed, context) {
    const project = await context.project()
    const name = parsed.operands[0] ?? parsed.options.get('stack')?.at(-1)
    return stackResult(name === undefined ? (await project.stacks.active()).stack : await project.stacks.describe(name))
  },
}
