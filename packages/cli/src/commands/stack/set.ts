/** `stack set NAME`. */
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { stackResult } from './stack-view.js'

/** Makes a stack the active one of this directory: a local choice, which no record shares. */
export const setStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack' }],
  async run(parsed, context) {
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    await project.stacks.setActive(name)
    return stackResult(await project.stacks.describe(name), `The active stack is "${name}".`)
  },
}
