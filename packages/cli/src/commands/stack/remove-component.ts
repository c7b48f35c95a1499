/** `stack remove-component NAME --alerter NAME`. */
import { StackError } from '@stack/core'
import { type CommandDefinition, operand } from '../../program/command.js'
import { componentOptions, namedComponents } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Takes components out of a stack; they stay registered. */
export const removeStackComponent: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack' }],
  options: componentOptions,
  async run(parsed, context) {
    const components = namedComponents(parsed)
    if (Object.keys(components).length === 0) {
      throw new StackError('usage', `${context.words} was given no component to take out.`, {
        hint: `${context.words} --help`,
      })
    }
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    return stackResult(await project.stacks.removeComponent(name, components), `Updated the stack "${name}".`)
  },
}
