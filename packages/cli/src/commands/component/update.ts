/** `stack <type> update NAME --field value`. */
import { type ComponentType, StackError } from '@stack/core'
import { formatFlavorSpec } from '@stack/core/host'
import { collectFields } from '../../flags/collect-fields.js'
import { readConfigFile } from '../../flags/config-file.js'
import { flavorFields } from '../../flags/flavor-fields.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand, optionValue } from '../../program/parsed-arguments.js'
import { configOption, reservedNames } from './component-options.js'
import { componentResult } from './component-view.js'

const options = [configOption]

/** Changes fields of a component; what is not named stays, nested objects are merged. */
export function updateComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'the component' }],
    options,
    async fields(first, context) {
      const name = first.operands[0]
      if (name === undefined) return undefined
      const project = await context.project({ write: !context.flags.help })
      const component = await project.components.describe(type, name)
      const flavor = formatFlavorSpec(component)
      return flavorFields({ registry: project.registry, type, flavor, reserved: reservedNames(options) })
    },
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const file = optionValue(parsed, 'config')
      if (file === undefined && parsed.fields.length === 0) {
        throw new StackError('usage', `${context.words} was given nothing to change.`, {
          hint: `${context.words} --help`,
        })
      }
      const { cwd } = context
      const onto = file === undefined ? {} : await readConfigFile(file, cwd)
      const name = operand(parsed, 0)
      const { component, warnings } = await project.components.update(type, name, {
        set: await collectFields(parsed.fieldFlags, parsed.fields, 'config', { cwd, onto }),
        settings: await collectFields(parsed.fieldFlags, parsed.fields, 'settings', { cwd }),
      })
      for (const warning of warnings) context.warn(warning)
      return componentResult(component, `Updated the ${type.replaceAll('-', ' ')} "${name}".`)
    },
  }
}
