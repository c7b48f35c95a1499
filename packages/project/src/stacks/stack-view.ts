/** Stacks as they are shown, and what is wrong with their shape. */
import {
  type ComponentRecord,
  type ComponentType,
  componentTypes,
  type Problem,
  requiredComponentTypes,
  type StackRecord,
} from '@stack/core'
import type { FlavorRegistry } from '@stack/core/host'
import { viewComponent } from '../components/component-view.js'

/** Names of components by type, the default of the type first. */
export type ComponentNames = { readonly [T in ComponentType]?: readonly string[] }

/** A stack as data. */
export interface StackView {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly components: ComponentNames
  /** `invalid` where the stack's shape or one of its components is not in order. */
  readonly status: 'ok' | 'invalid'
  /** Paths are `<type>` or `<type>.<component>`. */
  readonly problems?: readonly Problem[]
}

/** What a view is made from. */
export interface StackViewInput {
  readonly record: StackRecord
  /** Every component of the project by id. */
  readonly components: ReadonlyMap<string, ComponentRecord>
  readonly registry: FlavorRegistry
  readonly active: boolean
}

/** The view of a stack by JSON alone: nothing that is broken throws. */
export function viewStack(input: StackViewInput): StackView {
  const members = membersOf(input.record, input.components)
  const names = namesOf(input.record, input.components)
  const problems = [...shapeProblems(names), ...members.flatMap((member) => memberProblems(member, input.registry))]
  return {
    id: input.record.id,
    name: input.record.name,
    active: input.active,
    components: names,
    status: problems.length === 0 ? 'ok' : 'invalid',
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/** The components of a stack in the order of the types, the default of each type first. */
export function membersOf(
  record: StackRecord,
  components: ReadonlyMap<string, ComponentRecord>,
): readonly ComponentRecord[] {
  const ids = componentTypes.flatMap((type) => record.components[type] ?? [])
  return ids.flatMap((id) => components.get(id) ?? [])
}

/** The names of a stack's components by type. */
export function namesOf(record: StackRecord, components: ReadonlyMap<string, ComponentRecord>): ComponentNames {
  const names: { [T in ComponentType]?: string[] } = {}
  for (const { type, name } of membersOf(record, components)) names[type] = [...(names[type] ?? []), name]
  return names
}

/** What is wrong with the shape of a stack: a required type missing, or held more than once; a component named twice. */
export function shapeProblems(names: ComponentNames): readonly Problem[] {
  const required = requiredComponentTypes.flatMap((type) => {
    const count = names[type]?.length ?? 0
    if (count === 1) return []
    return [
      { path: type, message: count === 0 ? `A stack needs an ${type}.` : `A stack has one ${type}, not ${count}.` },
    ]
  })
  const twice = componentTypes.flatMap((type) => {
    const list = names[type] ?? []
    const repeated = new Set(list.filter((name, index) => list.indexOf(name) !== index))
    return [...repeated].map((name) => ({ path: `${type}.${name}`, message: `"${name}" is named more than once.` }))
  })
  return [...required, ...twice]
}

function memberProblems(member: ComponentRecord, registry: FlavorRegistry): readonly Problem[] {
  const { problems = [] } = viewComponent(member, registry)
  return problems.map(({ path, message }) => ({
    path: `${member.type}.${member.name}`,
    message: path === '' ? message : `${path}: ${message}`,
  }))
}
