/** `stack rename NAME NEW_NAME`. */
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { stackResult } from './stack-view.js'

/** Renames a stack; where it is active it stays so. */
export const renameStack: CommandDefinition = {
  arguments: [
    { name: 'NAME', summary: 'the stack' },
    { name: 'NEW_NAME', summary: 'what it will be called' },
  ],
  async run(parsed, context) {
    const project = await context.project({ write: true })
    const [name, newName] = [operand(parsed, 0), operand(parsed, 1)]
    return stackResult(await project.stacks.rename(name, newName), `Renamed the stack "${name}" to "${newName}".`)
  },
}
