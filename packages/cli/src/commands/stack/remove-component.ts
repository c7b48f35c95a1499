/** `stack remove-component NAME --alerter NAME`. */
import { type ComponentType, StackError } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentOptions, namedComponents } from './stack-components.js'
import { stackResult } from './stack-view.js'

/** Takes components out of a stack; they stay registered. */
export const removeStackComponent: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the stack' }],
  options: componentOptions,
  async run(parsed, context) {
    const components = Object.entries(namedComponents(parsed))
    if (components.length === 0) {
      throw new StackError('usage', `${context.words} was given no component to take out.`, {
        hint: `${context.words} --help`,
      })
    }
    const project = await context.project({ write: true })
    const name = operand(parsed, 0)
    // What is absent is refused by the first call, before anything was taken out.
    const { components: held } = await project.stacks.describe(name)
    const isAbsent = ([type, names]: (typeof components)[number]) =>
      names.some((each) => !(held[type as ComponentType] ?? []).includes(each))
    components.sort((one, other) => Number(isAbsent(other)) - Number(isAbsent(one)))
    for (const [type, names] of components) await project.stacks.removeComponent(name, type, names)
    return stackResult(await project.stacks.describe(name), `Updated the stack "${name}".`)
  },
}
