/** `stack <type> rename NAME NEW_NAME`. */
import type { ComponentType } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentResult } from './component-view.js'

/** Renames a component; the stacks that hold it keep it. */
export function renameComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [
      { name: 'NAME', summary: 'the component' },
      { name: 'NEW_NAME', summary: 'what it will be called' },
    ],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const [name, newName] = [operand(parsed, 0), operand(parsed, 1)]
      const component = await project.components.rename(type, name, newName)
      return componentResult(component, `Renamed the ${type.replaceAll('-', ' ')} "${name}" to "${newName}".`)
    },
  }
}
