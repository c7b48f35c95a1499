/** `stack flavor list` and `stack <type> flavor list`. */
import type { ComponentType } from '@stack/core'
import type { CommandDefinition } from '../../program/command.js'

/** Lists flavors: of one type, or all. */
export function listFlavors(type?: ComponentType): CommandDefinition {
  return {
    async run(_parsed, context) {
      const project = await context.project()
      const rows = project.registry.rows(type)
      for (const warning of project.registry.shadowWarnings(type)) context.warn(warning)
      return {
        data: rows,
        names: rows.map(({ name }) => name),
        view: {
          kind: 'table',
          columns: ['TYPE', 'NAME', 'PACKAGE', 'VERSION', 'ORIGIN', 'STATUS', 'REASON'],
          rows: rows.map((row) => [row.type, row.name, row.package, row.version, row.origin, row.status, row.reason]),
          empty: 'No flavors were found. Install a flavor package, as in: npm install @stack/flavor-s3',
        },
      }
    },
  }
}
