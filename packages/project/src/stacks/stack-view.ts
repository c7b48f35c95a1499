/** Stacks as they are shown, and what is wrong with their shape. */
import { type ComponentRecord, type ComponentType, componentTypes, type Problem, type StackRecord } from '@stack/core'
import { type FlavorRegistry, stackShapeProblems } from '@stack/core/host'
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
export async function viewStack(input: StackViewInput): Promise<StackView> {
  const members = membersOf(input.record, input.components)
  const names = namesOf(input.record, input.components)
  const ofMembers = await Promise.all(members.map((member) => memberProblems(member, input.registry)))
  const problems = [...absentMembers(input.record, input.components), ...shapeProblems(names), ...ofMembers.flat()]
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

/** The components of a stack that are gone, or whose records are damaged. */
export function absentMembers(
  record: StackRecord,
  components: ReadonlyMap<string, ComponentRecord>,
): readonly Problem[] {
  return componentTypes.flatMap((type) =>
    (record.components[type] ?? [])
      .filter((id) => !components.has(id))
      .map((id) => ({ path: type, message: `its component with the id ${JSON.stringify(id)} cannot be read` })),
  )
}

/** The names of a stack's components by type. */
export function namesOf(record: StackRecord, components: ReadonlyMap<string, ComponentRecord>): ComponentNames {
  const names: { [T in ComponentType]?: string[] } = {}
  for (const { type, name } of membersOf(record, components)) names[type] = [...(names[type] ?? []), name]
  return names
}

/** What is wrong with the shape of a stack: what core says of it, and a component that is named twice. */
export function shapeProblems(names: ComponentNames): readonly Problem[] {
  const components = componentTypes.flatMap((type) => (names[type] ?? []).map((name) => ({ type, name })))
  const labels = components.map(({ type, name }) => `${type}.${name}`)
  const repeated = new Set(labels.filter((label, index) => labels.indexOf(label) !== index))
  return [
    ...stackShapeProblems(components),
    ...[...repeated].map((label) => ({ path: label, message: 'is named more than once' })),
  ]
}

async function memberProblems(member: ComponentRecord, registry: FlavorRegistry): Promise<readonly Problem[]> {
  const { problems = [] } = await viewComponent(member, registry)
  return problems.map((problem) => problemOf(member, problem))
}

/** A component's problem as a problem of its stack. */
export function problemOf(member: ComponentRecord, { path, message }: Problem): Problem {
  return { path: `${member.type}.${member.name}`, message: path === '' ? message : `${path}: ${message}` }
}
