/** `stack <type> flavor register SOURCE`. */
import type { ComponentType } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'

/** Registers a flavor of the project's own by its source. */
export function registerFlavor(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'SOURCE', summary: 'flavors/my-flavor.ts#MyFlavor, or flavors.my_flavor.MyFlavor' }],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const flavor = await project.sourceFlavors.register(type, operand(parsed, 0))
      return {
        data: flavor,
        names: [flavor.name],
        view: {
          kind: 'record',
          entries: [
            ['name', flavor.name],
            ['type', flavor.type],
            ['source', flavor.source],
          ],
        },
        message: `Registered the ${type.replaceAll('-', ' ')} flavor "${flavor.name}".`,
      }
    },
  }
}
