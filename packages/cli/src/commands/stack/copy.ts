/** `stack copy NAME NEW_NAME`. */
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { stackResult } from './stack-view.js'

/** Registers a second stack of the same components. */
export const copyStack: CommandDefinition = {
  arguments: [
    { name: 'NAME', summary: 'the stack' },
    { name: 'NEW_NAME', summary: 'what the copy will be called' },
  ],
  async run(parsed, context) {
    const project = await context.project({ write: true })
    const [name, newName] = [operand(parsed, 0), operand(parsed, 1)]
    return stackResult(await project.stacks.copy(name, newName), `Copied the stack "${name}" to "${newName}".`)
  },
}
