/** A project's stacks: named sets of its components. */
import { randomUUID } from 'node:crypto'
import {
  type ComponentDefinition,
  type ComponentRecord,
  type Problem,
  parseComponentType,
  type RecordStore,
  type StackDefinition,
  StackError,
  type StackRecord,
} from '@stack/core'
import type { FlavorRegistry, Warning } from '@stack/core/host'
import { notFound } from '../naming/not-found.js'
import { checkRecordName } from '../naming/record-name.js'
import { type Identity, identityOfDamaged } from '../records/damaged-record.js'
import { type ActiveStackSelection, type ActiveStackSource, readLocalChoice, writeLocalChoice } from './active-stack.js'
import { defaultName } from './default-stack.js'
import { resolveMembers } from './resolve-members.js'
import {
  absentMembers,
  type ComponentNames,
  membersOf,
  namesOf,
  type StackView,
  shapeProblems,
  viewStack,
} from './stack-view.js'
import { validateMember } from './validate-member.js'

/** What to register. */
export interface StackRegistration {
  readonly name: string
  readonly components: ComponentNames
}

/** The active stack and what made it so. */
export interface ActiveStack {
  readonly stack: StackView
  readonly source: ActiveStackSource
}

/** What a validation found. */
export interface StackValidation {
  /** Paths are `<type>` or `<type>.<component>`. */
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

/** What the stacks need of their project. */
export interface StacksContext {
  readonly records: RecordStore
  /** The registry for reading. */
  readonly registry: () => FlavorRegistry
  /** The registry for a use: changed source flavors are imported again first. */
  readonly freshRegistry: () => Promise<FlavorRegistry>
  /** Makes the project's directory and database where they are absent. */
  readonly initialise: () => void
  /** The file of the local choice. */
  readonly choiceFile: string
  /** Where `STACK_ACTIVE_STACK` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export class Stacks {
  readonly #context: StacksContext

  constructor(context: StacksContext) {
    this.#context = context
  }

  /** Records a stack of components that are there; it needs one orchestrator and one artifact store. */
  async register(registration: StackRegistration): Promise<StackView> {
    const { name } = registration
    checkRecordName('stack', name)
    if ((await this.#context.records.findStack(name)) !== null) throw alreadyRegistered(name)
    const components = await this.#context.records.listComponents()
    const now = new Date().toISOString()
    const record: StackRecord = {
      id: randomUUID(),
      name,
      components: resolveMembers(name, checkTypes(registration.components), components),
      revision: 1,
      createdAt: now,
      updatedAt: now,
    }
    await this.#context.records.createStack(record)
    return this.#view(record)
  }

  /** All stacks by name. */
  async list(selection: ActiveStackSelection = {}): Promise<readonly StackView[]> {
    const records = await this.#context.records.listStacks()
    return Promise.all(records.map((record) => this.#view(record, selection)))
  }

  /** One stack. */
  async describe(name: string, selection: ActiveStackSelection = {}): Promise<StackView> {
    return this.#view(await this.find(name), selection)
  }

  /** Gives a stack other components of the named types; the other types stay as they are. */
  async update(name: string, components: ComponentNames): Promise<StackView> {
    const record = await this.find(name)
    const given = checkTypes(components)
    const kept = Object.fromEntries(Object.entries(record.components).filter(([type]) => !Object.hasOwn(given, type)))
    const names = namesOf(record, byId(await this.#members({ ...record, components: kept })))
    return this.#write(record, { ...names, ...given })
  }

  /** Takes components out of a stack: all of a type, or the named ones. */
  async removeComponent(name: string, type: string, components?: readonly string[]): Promise<StackView> {
    const record = await this.find(name)
    const known = parseComponentType(type)
    const names = namesOf(record, byId(await this.#members(record)))
    const held = names[known] ?? []
    const removed = components ?? held
    const absent = removed.find((component) => !held.includes(component))
    if (absent !== undefined || removed.length === 0)
      throw notFound({
        kind: `${known} in the stack "${name}" called`,
        name: absent ?? '',
        known: held,
        list: `stack describe ${name}`,
      })
    return this.#write(record, { ...names, [known]: held.filter((component) => !removed.includes(component)) })
  }

  /** Gives a stack another name; where it is the active one it stays so. */
  async rename(name: string, newName: string): Promise<StackView> {
    const record = await this.find(name)
    checkRecordName('stack', newName)
    const renamed = { ...record, name: newName }
    return this.#view(await this.#context.records.updateStack(renamed, { expectedRevision: record.revision }))
  }

  /** Records a stack of the same components under another name. */
  async copy(name: string, newName: string): Promise<StackView> {
    const record = await this.find(name)
    checkRecordName('stack', newName)
    const now = new Date().toISOString()
    const copied = { ...record, id: randomUUID(), name: newName, revision: 1, createdAt: now, updatedAt: now }
    await this.#context.records.createStack(copied)
    return this.#view(copied)
  }

  /** Deletes a stack and keeps its components; `in-use` where it is the active one. */
  async delete(name: string, selection: ActiveStackSelection = {}): Promise<void> {
    const record = await this.identify(name)
    if (this.#isActive({ ...record, name }, selection)) throw activeInUse(name)
    await this.#context.records.deleteStack(record.id, { expectedRevision: record.revision })
  }

  /** Makes a stack the local choice of this project. */
  async setActive(name: string): Promise<StackView> {
    const record = await this.find(name)
    this.#context.initialise()
    writeLocalChoice(this.#context.choiceFile, record.id)
    return this.#view(record)
  }

  /**
   * The active stack.
   * @throws StackError `not-found` where the one that was chosen is not there.
   */
  async active(selection: ActiveStackSelection = {}): Promise<ActiveStack> {
    const { name, id, source } = this.#selected(selection)
    const record = id === undefined ? await this.find(name) : await this.#context.records.getStack(id)
    if (record === null) throw choiceGone()
    return { stack: await this.#view(record, selection), source }
  }

  /** A stack as data, for a run: configs and settings with their secret references. */
  async definition(name: string): Promise<StackDefinition> {
    const record = await this.find(name)
    await this.#context.freshRegistry()
    const members = membersOf(record, byId(await this.#members(record)))
    return { name, components: await Promise.all(members.map((member) => this.#define(member))) }
  }

  /**
   * Everything that can be said of a stack without opening it: its shape, and each component by the flavor's schemas and code.
   * What is wrong is data here, not an error.
   */
  async validate(name: string): Promise<StackValidation> {
    const record = await this.find(name)
    const registry = await this.#context.freshRegistry()
    const components = byId(await this.#context.records.listComponents())
    const members = membersOf(record, components)
    const checked = await Promise.all(members.map((member) => validateMember(member, registry)))
    return {
      problems: [
        ...absentMembers(record, components),
        ...shapeProblems(namesOf(record, components)),
        ...checked.flatMap(({ problems }) => problems),
      ],
      warnings: checked.flatMap(({ warnings }) => warnings),
    }
  }

  /** The record of a stack; `not-found` with a suggestion. */
  async find(name: string): Promise<StackRecord> {
    const record = await this.#context.records.findStack(name)
    if (record !== null) return record
    const known = (await this.#context.records.listStacks()).map((stack) => stack.name)
    throw notFound({ kind: 'stack', name, known, list: 'stack list' })
  }

  /** The components of a stack, so that none is lost; throws `database-corrupt` where one is damaged. */
  async #members(record: StackRecord): Promise<readonly ComponentRecord[]> {
    const ids = Object.values(record.components).flat()
    const members = await Promise.all(ids.map((id) => this.#context.records.getComponent(id)))
    return members.map((member) => member ?? raiseMemberGone(record.name))
  }

  /** What is to be deleted, also where the rest of its record is damaged. */
  identify(name: string): Promise<Identity> {
    return this.find(name).catch(identityOfDamaged)
  }

  async #define(member: ComponentRecord): Promise<ComponentDefinition> {
    const { id, type, name, flavor, version, config, settings } = member
    const source = member.package === null ? await this.#context.records.findSourceFlavor(type, flavor) : null
    return {
      id,
      type,
      name,
      flavor,
      package: member.package,
      version,
      source: source?.source ?? null,
      config,
      settings,
    }
  }

  #selected(selection: ActiveStackSelection) {
    const fromEnv = (selection.env ?? this.#context.env).STACK_ACTIVE_STACK
    if (selection.flag !== undefined) return { name: selection.flag, id: undefined, source: 'flag' } as const
    if (fromEnv) return { name: fromEnv, id: undefined, source: 'environment' } as const
    const id = readLocalChoice(this.#context.choiceFile)
    if (id !== undefined) return { name: '', id, source: 'project' } as const
    return { name: defaultName, id: undefined, source: 'default' } as const
  }

  #isActive(record: Pick<StackRecord, 'id' | 'name'>, selection: ActiveStackSelection): boolean {
    const { name, id } = this.#selected(selection)
    return id === undefined ? record.name === name : record.id === id
  }

  async #write(record: StackRecord, names: ComponentNames): Promise<StackView> {
    const all = await this.#context.records.listComponents()
    const changed = { ...record, components: resolveMembers(record.name, names, all) }
    return this.#view(await this.#context.records.updateStack(changed, { expectedRevision: record.revision }))
  }

  async #view(record: StackRecord, selection: ActiveStackSelection = {}): Promise<StackView> {
    return viewStack({
      record,
      components: byId(await this.#context.records.listComponents()),
      registry: this.#context.registry(),
      active: this.#isActive(record, selection),
    })
  }
}

function byId(components: readonly ComponentRecord[]): ReadonlyMap<string, ComponentRecord> {
  return new Map(components.map((component) => [component.id, component]))
}

function checkTypes(components: ComponentNames): ComponentNames {
  for (const type of Object.keys(components)) parseComponentType(type)
  return components
}

function alreadyRegistered(name: string): StackError {
  return new StackError('already-exists', `The stack "${name}" exists already.`, {
    hint: `Change it with: stack update ${name}, or delete it: stack delete ${name}`,
  })
}

function activeInUse(name: string): StackError {
  return new StackError('in-use', `The stack "${name}" is the active one.`, {
    hint: 'Make another one active first: stack set NAME',
  })
}

function raiseMemberGone(name: string): never {
  throw new StackError('invalid-stack', `The stack "${name}" holds a component that is no longer there.`, {
    hint: `Look which type lacks one: stack describe ${name}`,
  })
}

function choiceGone(): StackError {
  return new StackError('not-found', 'The stack that was active in this project is no longer there.', {
    hint: 'Choose another one: stack set NAME (stack list shows them)',
  })
}
