/** `stack <type> delete NAME`. */
import type { ComponentType } from '@stack/core'
import { confirm } from '../../output/confirm.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { yesOption } from './component-options.js'

/** Deletes a component that no stack holds; what it stored stays. */
export function deleteComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'the component' }],
    options: [yesOption],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const name = operand(parsed, 0)
      const noun = type.replaceAll('-', ' ')
      const { id } = await project.components.identify(type, name)
      await confirm(`Delete the ${noun} "${name}"?`, parsed, context)
      await project.components.delete(type, name)
      return { data: { id, type, name, deleted: true }, names: [name], message: `Deleted the ${noun} "${name}".` }
    },
  }
}
