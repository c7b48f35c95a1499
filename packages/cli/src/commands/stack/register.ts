/** `stack register NAME --artifact-store NAME --orchestrator NAME [--set]`. */
import type { CommandDefinition } from '../../program/command.js'
import { hasOption, operand } from '../../program/parsed-arguments.js'
import { componentOptions, namedComponents } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Registers a stack and, with `--set`, makes it the active one. */
export const registerStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'what the stack will be called' }],
  options: [...componentOptions, { name: 'set', summary: 'Make it the active stack.' }],
  async run(parsed, context) {
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    await project.stacks.register({ name, components: namedComponents(parsed) })
    if (hasOption(parsed, 'set')) await project.stacks.setActive(name)
    const stack = await project.stacks.describe(name)
    return stackResult(stack, `Registered the stack "${name}"${stack.active ? ', the active one' : ''}.`)
  },
}
