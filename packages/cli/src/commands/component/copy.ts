/** `stack <type> copy NAME NEW_NAME`. */
import type { ComponentType } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentResult } from './component-view.js'

/** Registers a second component with the same config and settings. */
export function copyComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [
      { name: 'NAME', summary: 'the component' },
      { name: 'NEW_NAME', summary: 'what the copy will be called' },
    ],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const [name, newName] = [operand(parsed, 0), operand(parsed, 1)]
      const component = await project.components.copy(type, name, newName)
      return componentResult(component, `Copied the ${type.replaceAll('-', ' ')} "${name}" to "${newName}".`)
    },
  }
}
