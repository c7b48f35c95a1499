/** A project's registered components. */
import { randomUUID } from 'node:crypto'
import {
  type ComponentRecord,
  type ComponentType,
  type ConfigValues,
  isStackError,
  type Problem,
  parseComponentType,
  type RecordStore,
  StackError,
} from '@stack/core'
import { type FlavorHandle, type FlavorRegistry, mergeValues, type Warning } from '@stack/core/host'
import { notFound } from '../naming/not-found.js'
import { checkRecordName } from '../naming/record-name.js'
import { type Identity, identityOfDamaged } from '../records/damaged-record.js'
import { checkCandidate } from './check-candidate.js'
import { type ComponentSummary, type ComponentView, flavorOf, summarise, viewComponent } from './component-view.js'
import { removeValues } from './remove-values.js'

/** What the path of a setting begins with, where config and settings are named alike. */
const settingsPrefix = 'settings.'

/** What to register. */
export interface ComponentRegistration {
  readonly type: string
  readonly name: string
  /** A flavor's name, or `<package>:<name>`. */
  readonly flavor: string
  readonly config?: ConfigValues
  readonly settings?: ConfigValues
}

/** What to lay over a component's config and settings; objects merge key by key. */
export interface ComponentChanges {
  readonly set?: ConfigValues
  readonly settings?: ConfigValues
}

/** A component that was written, and what is to be said about it. */
export interface ChangedComponent {
  readonly component: ComponentView
  readonly warnings: readonly Warning[]
}

/** What the components need of their project. */
export interface ComponentsContext {
  readonly records: RecordStore
  /** The registry for reading. */
  readonly registry: () => FlavorRegistry
  /** The registry for a write or a use: changed source flavors are imported again first. */
  readonly freshRegistry: () => Promise<FlavorRegistry>
}

export class Components {
  readonly #context: ComponentsContext

  constructor(context: ComponentsContext) {
    this.#context = context
  }

  /** Checks and records a component. */
  async register(registration: ComponentRegistration): Promise<ChangedComponent> {
    const type = parseComponentType(registration.type)
    const { name, config = {}, settings = {} } = registration
    checkRecordName(type, name)
    if ((await this.#context.records.findComponent(type, name)) !== null) throw alreadyRegistered(type, name)
    const registry = await this.#context.freshRegistry()
    const handle = registry.resolve(type, registration.flavor)
    const { warnings } = await checkCandidate({ type, name, registry, handle, config, settings })
    const now = new Date().toISOString()
    const record: ComponentRecord = {
      id: randomUUID(),
      type,
      name,
      flavor: handle.name,
      ...origin(handle),
      config,
      settings,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    }
    await this.#context.records.createComponent(record)
    return { component: await viewComponent(record, registry), warnings }
  }

  /** All components, or those of a type, by type and name. */
  async list(type?: string): Promise<readonly ComponentSummary[]> {
    const records = await this.#context.records.listComponents(
      type === undefined ? undefined : parseComponentType(type),
    )
    const views = await Promise.all(records.map((record) => this.#view(record)))
    return views.map(summarise)
  }

  /** One component in full. */
  async describe(type: string, name: string): Promise<ComponentView> {
    return this.#view(await this.#find(type, name))
  }

  /** Lays changes over config and settings. What was broken before and is not made worse does not stand in the way. */
  async update(type: string, name: string, changes: ComponentChanges): Promise<ChangedComponent> {
    const record = await this.#find(type, name)
    return this.#change(record, {
      config: mergeValues(record.config, changes.set ?? {}),
      settings: mergeValues(record.settings, changes.settings ?? {}),
    })
  }

  /**
   * Takes values out of the config, or with a `settings.` path out of the settings.
   * @throws StackError `invalid-config` where nothing is set at a path.
   */
  async removeAttributes(type: string, name: string, paths: readonly string[]): Promise<ChangedComponent> {
    const record = await this.#find(type, name)
    const ofSettings = paths.filter((path) => path.startsWith(settingsPrefix))
    const config = removeValues(
      record.config,
      paths.filter((path) => !path.startsWith(settingsPrefix)),
    )
    const settings = removeValues(
      record.settings,
      ofSettings.map((path) => path.slice(settingsPrefix.length)),
    )
    const problems = [...config.problems, ...settings.problems.map(inSettings)]
    if (problems.length > 0) throw notSet(record, problems)
    return this.#change(record, { config: config.values, settings: settings.values })
  }

  /** Gives a component another name; stacks keep it. */
  async rename(type: string, name: string, newName: string): Promise<ComponentView> {
    const record = await this.#find(type, name)
    checkRecordName(record.type, newName)
    const renamed = { ...record, name: newName }
    return this.#view(await this.#context.records.updateComponent(renamed, { expectedRevision: record.revision }))
  }

  /** Records a component again under another name. */
  async copy(type: string, name: string, newName: string): Promise<ComponentView> {
    const record = await this.#find(type, name)
    checkRecordName(record.type, newName)
    const now = new Date().toISOString()
    const copied = { ...record, id: randomUUID(), name: newName, revision: 1, createdAt: now, updatedAt: now }
    await this.#context.records.createComponent(copied)
    return this.#view(copied)
  }

  /** Deletes a component; `in-use` where a stack holds it. */
  async delete(type: string, name: string): Promise<void> {
    const record = await this.identify(type, name)
    await this.#context.records.deleteComponent(record.id, { expectedRevision: record.revision })
  }

  /** What is to be deleted, also where the rest of its record is damaged. */
  identify(type: string, name: string): Promise<Identity> {
    return this.#find(type, name).catch(identityOfDamaged)
  }

  async #change(
    record: ComponentRecord,
    values: Pick<ComponentRecord, 'config' | 'settings'>,
  ): Promise<ChangedComponent> {
    const registry = await this.#context.freshRegistry()
    const handle = flavorOf(record, registry)
    if (isStackError(handle)) throw handle
    const { type, name } = record
    const checked = await checkCandidate({ type, name, registry, handle, ...values, recorded: record })
    // The version is the one the config was last valid for, so it stays while something is still wrong.
    const changed = { ...record, ...values, ...(checked.problems.length === 0 ? origin(handle) : {}) }
    const written = await this.#context.records.updateComponent(changed, { expectedRevision: record.revision })
    return { component: await viewComponent(written, registry), warnings: checked.warnings }
  }

  async #find(type: string, name: string): Promise<ComponentRecord> {
    const { records } = this.#context
    const known = parseComponentType(type)
    const record = await records.findComponent(known, name)
    if (record !== null) return record
    const names = (await records.listComponents(known)).map((component) => component.name)
    throw notFound({ kind: known, name, known: names, list: `stack ${known} list` })
  }

  #view(record: ComponentRecord): Promise<ComponentView> {
    return viewComponent(record, this.#context.registry())
  }
}

function inSettings(problem: Problem): Problem {
  return { ...problem, path: settingsPrefix + problem.path }
}

/** Where a component's flavor comes from, as records keep it. */
function origin(handle: FlavorHandle): Pick<ComponentRecord, 'package' | 'version' | 'configVersion'> {
  const fromSource = handle.origin === 'source'
  return {
    package: fromSource ? null : handle.package,
    version: fromSource ? null : handle.version,
    configVersion: handle.configVersion,
  }
}

function alreadyRegistered(type: ComponentType, name: string): StackError {
  return new StackError('already-exists', `The ${type} "${name}" exists already.`, {
    hint: `Change it with: stack ${type} update ${name}, or delete it: stack ${type} delete ${name}`,
  })
}

function notSet(record: ComponentRecord, problems: readonly Problem[]): StackError {
  return new StackError(
    'invalid-config',
    `The ${record.type} "${record.name}" has no such attribute; nothing was removed.`,
    {
      problems,
      hint: `See what is set with: stack ${record.type} describe ${record.name}`,
    },
  )
}
