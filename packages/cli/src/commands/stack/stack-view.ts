/** How stacks are shown. */
import type { StackView } from '@stack/project'
import type { CommandResult } from '../../program/command.js'

/** The result of a command about one stack. */
export function stackResult(stack: StackView, message?: string): CommandResult {
  return {
    data: stack,
    names: [stack.name],
    view: {
      kind: 'record',
      entries: [
        ['name', stack.name],
        ['active', stack.active],
        ['status', stack.status],
        ['id', stack.id],
        ...Object.entries(stack.components).map(([type, names]) => [type, (names ?? []).join(', ')] as const),
        ...(stack.problems ?? []).map(
          ({ path, message }) => ['problem', path === '' ? message : `${path}: ${message}`] as const,
        ),
      ],
    },
    ...(message === undefined ? {} : { message }),
  }
}

/** The result of a command about all stacks. */
export function stacksResult(stacks: readonly StackView[]): CommandResult {
  return {
    data: stacks,
    names: stacks.map(({ name }) => name),
    view: {
      kind: 'table',
      columns: ['ACTIVE', 'NAME', 'COMPONENTS', 'STATUS', 'ID'],
      rows: stacks.map((stack) => [stack.active ? '*' : '', stack.name, componentsOf(stack), stack.status, stack.id]),
      empty: 'There are no stacks yet.',
    },
  }
}

function componentsOf({ components }: StackView): string {
  return Object.entries(components)
    .map(([type, names]) => `${type}=${(names ?? []).join(',')}`)
    .join(' ')
}
