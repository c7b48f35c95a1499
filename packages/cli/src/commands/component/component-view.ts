/** How components are shown. */
import type { ComponentSummary, ComponentView } from '@stack/project'
import { flatten } from '../../output/flatten.js'
import type { RecordView, TableView } from '../../output/view.js'
import type { CommandResult } from '../../program/command.js'

/** The result of a command about one component. */
export function componentResult(component: ComponentView, message?: string): CommandResult {
  return {
    data: component,
    names: [component.name],
    view: recordOf(component),
    ...(message === undefined ? {} : { message }),
  }
}

/** The result of a command about several; their configs are left out. */
export function componentsResult(components: readonly ComponentSummary[], empty: string): CommandResult {
  return {
    data: components,
    names: components.map(({ name }) => name),
    view: tableOf(components, empty),
  }
}

function recordOf(component: ComponentView): RecordView {
  return {
    kind: 'record',
    entries: [
      ['name', component.name],
      ['type', component.type],
      ['flavor', component.flavor],
      ['package', component.package],
      ['version', component.version],
      ['status', component.status],
      ['id', component.id],
      ...flatten(component.config, 'config'),
      ...flatten(component.settings, 'settings'),
      ...(component.problems ?? []).map(
        ({ path, message }) => ['problem', path === '' ? message : `${path}: ${message}`] as const,
      ),
    ],
  }
}

function tableOf(components: readonly ComponentSummary[], empty: string): TableView {
  return {
    kind: 'table',
    columns: ['NAME', 'FLAVOR', 'PACKAGE', 'VERSION', 'STATUS', 'ID'],
    rows: components.map((each) => [each.name, each.flavor, each.package, each.version, each.status, each.id]),
    empty,
  }
}
