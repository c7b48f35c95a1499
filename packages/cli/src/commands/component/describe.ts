/** `stack <type> describe NAME`. */
import type { ComponentType } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentResult } from './component-view.js'

/** Shows one component, secrets as the references they were written as. */
export function describeComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'the component' }],
    async run(parsed, context) {
      const project = await context.project()
      return componentResult(await project.components.describe(type, operand(parsed, 0)))
    },
  }
}
