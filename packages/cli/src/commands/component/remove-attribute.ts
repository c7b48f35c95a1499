/** `stack <type> remove-attribute NAME FIELD…`. */
import type { ComponentType } from '@stack/core'
import type { ComponentView } from '@stack/project'
import { findKey } from '../../flags/field-name.js'
import { isJsonObject } from '../../flags/json-object.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'
import { componentResult } from './component-view.js'

/** Removes fields from a component's config, or `settings.<path>` from its settings; a field it does not have is an error. */
export function removeAttribute(type: ComponentType): CommandDefinition {
  return {
    arguments: [
      { name: 'NAME', summary: 'the component' },
      { name: 'FIELD', summary: 'the fields to remove, as dotted paths', repeated: true },
    ],
    async run(parsed, context) {
      const project = await context.project({ write: true })
      const [name = '', ...fields] = parsed.operands
      const given = await project.components.describe(type, name)
      const paths = fields.map((field) => storedPath(given, field.replace(/^--/, '')))
      const { component, warnings } = await project.components.removeAttributes(type, name, paths)
      for (const warning of warnings) context.warn(warning)
      return componentResult(
        component,
        `Removed ${paths.join(', ')} from the ${type.replaceAll('-', ' ')} "${operand(parsed, 0)}".`,
      )
    },
  }
}

/** A path in the spelling in which the component has it; config fields may be named with `config.` before them. */
function storedPath({ config, settings }: ComponentView, path: string): string {
  const segments = path.split('.')
  const inSettings = segments[0] === 'settings'
  if (inSettings || segments[0] === 'config') segments.shift()
  let values: unknown = inSettings ? settings : config
  const keys = segments.map((segment) => {
    const key = isJsonObject(values) ? (findKey(values, segment) ?? segment) : segment
    values = isJsonObject(values) ? values[key] : undefined
    return key
  })
  return (inSettings ? ['settings', ...keys] : keys).join('.')
}
