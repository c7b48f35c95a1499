/** `stack update NAME --artifact-store NAME`. */
import { StackError } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentOptions, namedComponents } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Replaces the components of the named types; other types stay as they are. */
export const updateStack: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack' }],
  options: componentOptions,
  async run(parsed, context) {
    const components = namedComponents(parsed)
    if (Object.keys(components).length === 0) {
      throw new StackError('usage', `${context.words} was given nothing to change.`, {
        hint: `${context.words} --help`,
      })
    }
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    return stackResult(await project.stacks.update(name, components), `Updated the stack "${name}".`)
  },
}
