/** `stack <type> get`. */
import { type ComponentType, StackError } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { stackOption } from '../stack/stack-components.js'
import { componentsResult } from './component-view.js'

/** Shows the components of a type that the active stack uses, the default first. */
export function getComponent(type: ComponentType): CommandDefinition {
  return {
    options: [stackOption],
    async run(parsed, context) {
      const project = await context.project()
      const { stack } = await project.stacks.active({ flag: parsed.options.get('stack')?.at(-1) })
      const names = stack.components[type] ?? []
      if (names.length === 0) {
        throw new StackError('not-found', `The stack "${stack.name}" has no ${type.replaceAll('-', ' ')}.`, {
          hint: `stack update ${stack.name} --${type} NAME`,
        })
      }
      const components = await project.components.list(type)
      return componentsResult(
        components
          .filter(({ name }) => names.includes(name))
          .sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name)),
        '',
      )
    },
  }
}
