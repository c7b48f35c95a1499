/** `stack delete NAME`. */
import { confirm } from '../../output/confirm.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { yesOption } from '../component/component-options.js'

/** Deletes a stack that is not the active one; its components stay registered. */
export const deleteStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack' }],
  options: [yesOption],
  async run(parsed, context) {
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    const { id } = await project.stacks.identify(name)
    await confirm(`Delete the stack "${name}"?`, parsed, context)
    await project.stacks.delete(name)
    return { data: { id, name, deleted: true }, names: [name], message: `Deleted the stack "${name}".` }
  },
}
