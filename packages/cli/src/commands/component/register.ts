/** `stack <type> register NAME --flavor FLAVOR`. */
import { type ComponentType, StackError } from '@stack/core'
import { collectFields } from '../../flags/collect-fields.js'
import { readConfigFile } from '../../flags/config-file.js'
import { flavorFields } from '../../flags/flavor-fields.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand, optionValue } from '../../program/parsed-arguments.js'
import { configOption, reservedNames } from './component-options.js'
import { componentResult } from './component-view.js'

const options = [
  { name: 'flavor', short: 'f', value: 'FLAVOR', summary: 'The flavor, or PACKAGE:FLAVOR where two packages have it.' },
  configOption,
]

/** Registers a component of a type; the flags are the fields of the flavor. */
export function registerComponent(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'what the component will be called' }],
    options,
    async fields(first, context) {
      const flavor = optionValue(first, 'flavor')
      if (flavor === undefined) {
        if (context.flags.help) return undefined
        throw new StackError('usage', `${context.words} needs --flavor: which implementation to use.`, {
          hint: `stack ${type} flavor list`,
        })
      }
      const { registry } = await context.project({ write: !context.flags.help })
      return flavorFields({ registry, type, flavor, reserved: reservedNames(options) })
    },
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const file = optionValue(parsed, 'config')
      const given = { cwd: context.cwd, onto: file === undefined ? {} : await readConfigFile(file, context.cwd) }
      const { component, warnings } = await project.components.register({
        type,
        name: operand(parsed, 0),
        flavor: optionValue(parsed, 'flavor') ?? '',
        config: await collectFields(parsed.fieldFlags, parsed.fields, 'config', given),
        settings: await collectFields(parsed.fieldFlags, parsed.fields, 'settings', { cwd: context.cwd }),
      })
      for (const warning of warnings) context.warn(warning)
      return componentResult(component, `Registered the ${type.replaceAll('-', ' ')} "${component.name}".`)
    },
  }
}
