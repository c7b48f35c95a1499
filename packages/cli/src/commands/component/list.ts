/** `stack <type> list`. */
import type { ComponentType } from '@stack/core'
import { pluralOf } from '../../output/plural-of.js'
import type { CommandDefinition } from '../../program/command.js'
import { componentsResult } from './component-view.js'

/** Lists the components of a type. */
export function listComponents(type: ComponentType): CommandDefinition {
  return {
    async run(_parsed, context) {
      const project = await context.project()
      return componentsResult(await project.components.list(type), `There are no ${pluralOf(type)} yet.`)
    },
  }
}
