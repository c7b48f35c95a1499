/** `stack <type> flavor delete NAME`. */
import type { ComponentType } from '@stack/core'
import { confirm } from '../../output/confirm.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { yesOption } from '../component/component-options.js'

/** Deletes a flavor that was registered by its source; the source stays. */
export function deleteFlavor(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'the flavor' }],
    options: [yesOption],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const name = operand(parsed, 0)
      await confirm(`Delete the ${type.replaceAll('-', ' ')} flavor "${name}"?`, parsed, context)
      await project.sourceFlavors.delete(type, name)
      return { data: { type, name, deleted: true }, names: [name], message: `Deleted the flavor "${name}".` }
    },
  }
}
