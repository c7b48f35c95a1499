/** `stack <type> flavor describe NAME`. */
import type { ComponentType } from '@stack/core'
import { describeFlavorFields, type FieldDescription } from '@stack/core/host'
import { flatten } from '../../output/flatten.js'
import type { TableView } from '../../output/view.js'
import type { CommandDefinition } from '../../program/command.js'
import { operand } from '../../program/parsed-arguments.js'

/** Shows a flavor: where it comes from, what it can do, and every field. */
export function describeFlavor(type: ComponentType): CommandDefinition {
  return {
    arguments: [{ name: 'NAME', summary: 'the flavor, or PACKAGE:NAME where two packages have it' }],
    async run(parsed, context) {
      const { registry } = await context.project()
      const flavor = registry.resolve(type, operand(parsed, 0))
      for (const warning of registry.shadowWarnings(flavor)) context.warn(warning)
      const [config, settings] = [
        describeFlavorFields(registry, flavor, 'config'),
        describeFlavorFields(registry, flavor, 'settings'),
      ]
      const { name, package: packageName, version, description, capabilities, origin, source } = flavor
      return {
        data: {
          type,
          name,
          package: packageName,
          version,
          origin,
          source,
          description,
          capabilities,
          config,
          settings,
        },
        names: [name],
        view: {
          kind: 'sections',
          views: [
            {
              kind: 'record',
              entries: [
                ['name', name],
                ['type', type],
                ['package', packageName],
                ['version', version],
                ['origin', origin],
                ...(source === null ? [] : [['source', source] as const]),
                ['description', description],
                ...Object.entries(capabilities).flatMap(([key, value]) => flatten(value, `capabilities.${key}`)),
              ],
            },
            fieldsTable('CONFIG', config),
            fieldsTable('SETTINGS', settings),
          ],
        },
      }
    },
  }
}

function fieldsTable(title: string, fields: readonly FieldDescription[]): TableView {
  return {
    kind: 'table',
    columns: [title, 'TYPE', 'REQUIRED', 'DEFAULT', 'SECRET', 'DESCRIPTION'],
    rows: fields.map((field) => [
      field.name,
      field.enum === undefined ? field.type : field.enum.map((value) => JSON.stringify(value)).join(' | '),
      field.required ? 'required' : '',
      field.default === undefined ? '' : JSON.stringify(field.default),
      field.secret ? 'secret' : '',
      field.description,
    ]),
  }
}
