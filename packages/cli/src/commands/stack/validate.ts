/** `stack validate [NAME]`. */
import { StackError } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { optionValue } from '../../program/parsed-arguments.js'
import { stackOption } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Checks a stack with everything it needs to run, and reports every problem at once. */
export const validateStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack; the active one unless given', optional: true }],
  options: [stackOption],
  async run(parsed, context) {
    const project = await context.project()
    const flag = parsed.operands[0] ?? optionValue(parsed, 'stack')
    const name = flag ?? (await project.stacks.active()).stack.name
    const { problems, warnings } = await project.stacks.validate(name)
    for (const warning of warnings) context.warn(warning)
    if (problems.length > 0) {
      throw new StackError('invalid-stack', `The stack "${name}" is not valid.`, {
        problems,
        hint: `stack describe ${name}`,
      })
    }
    return stackResult(await project.stacks.describe(name), `The stack "${name}" is valid.`)
  },
}
