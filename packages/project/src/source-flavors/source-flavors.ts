/** Custom flavors that are not packages: files of the project, registered by their path. */
import { randomUUID } from 'node:crypto'
import {
  type ComponentType,
  isStackError,
  parseComponentType,
  type RecordStore,
  type SourceFlavorRecord,
  StackError,
} from '@stack/core'
import { type FlavorRegistry, parseSourceFlavorManifest } from '@stack/core/host'
import { notFound } from '../naming/not-found.js'
import { identityOfDamaged } from '../records/damaged-record.js'
import { isUnchanged } from './file-hashes.js'
import type { SourceFlavorImporter } from './import-flavor.js'
import { parseSourcePath } from './source-path.js'

/** What the source flavors need of their project. */
export interface SourceFlavorsContext {
  readonly root: string
  readonly records: RecordStore
  readonly registry: () => FlavorRegistry
  readonly importFlavor: SourceFlavorImporter
  /** Told when the records were changed. */
  readonly onChange: (records: readonly SourceFlavorRecord[]) => void
}

export class SourceFlavors {
  readonly #context: SourceFlavorsContext

  constructor(context: SourceFlavorsContext) {
    this.#context = context
  }

  /**
   * Imports a flavor once and records what it says of itself.
   * @throws StackError `not-found`, `invalid-flavor`, `source-error`, `already-exists` where its name already resolves.
   */
  async register(type: string, source: string): Promise<SourceFlavorRecord> {
    const known = parseComponentType(type)
    const path = parseSourcePath(this.#context.root, source)
    const imported = await this.#context.importFlavor(path, { type: known })
    this.#requireFree(known, imported.name)
    const now = new Date().toISOString()
    const record: SourceFlavorRecord = {
      id: randomUUID(),
      type: known,
      ...imported,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    }
    await this.#context.records.createSourceFlavor(record)
    await this.#changed()
    return record
  }

  /** The flavors registered by source, by type and name, as they were last imported with success. */
  async list(type?: string): Promise<readonly SourceFlavorRecord[]> {
    return this.#context.records.listSourceFlavors(type === undefined ? undefined : parseComponentType(type))
  }

  /** Forgets a flavor, not its file; `in-use` where a component is registered with it. */
  async delete(type: string, name: string): Promise<void> {
    const known = parseComponentType(type)
    const record = await this.#context.records.findSourceFlavor(known, name).catch(identityOfDamaged)
    if (record === null) {
      const names = (await this.list(known)).map((flavor) => flavor.name)
      throw notFound({
        kind: `${known} flavor registered by source`,
        name,
        known: names,
        list: `stack ${known} flavor list`,
      })
    }
    await this.#context.records.deleteSourceFlavor(record.id, { expectedRevision: record.revision })
    await this.#changed()
  }

  /** Imports the flavors whose files changed; one that fails keeps what was known of it and is marked invalid. */
  async refresh(): Promise<void> {
    const records = await this.#context.records.listSourceFlavors()
    const refreshed = await Promise.all(records.map((record) => this.#refreshed(record)))
    if (refreshed.some((record, index) => record !== records[index])) this.#context.onChange(refreshed)
  }

  async #refreshed(record: SourceFlavorRecord): Promise<SourceFlavorRecord> {
    const manifest = parseSourceFlavorManifest(record.manifest)
    if (manifest !== undefined && manifest.invalid === undefined && isUnchanged(this.#context.root, record.files))
      return record
    const next = await this.#importAgain(record)
    if (JSON.stringify(next) === JSON.stringify(record)) return record
    try {
      return await this.#context.records.updateSourceFlavor(next, { expectedRevision: record.revision })
    } catch (error) {
      // Another process was first, or the disk is read-only: what was imported is true all the same.
      if (isStackError(error, 'conflict') || isStackError(error, 'permission-denied')) return next
      throw error
    }
  }

  async #importAgain(record: SourceFlavorRecord): Promise<SourceFlavorRecord> {
    try {
      const path = parseSourcePath(this.#context.root, record.source)
      const imported = await this.#context.importFlavor(path, record)
      return {
        ...record,
        manifest: imported.manifest,
        files: imported.files,
      }
    } catch (error) {
      if (!isStackError(error)) throw error
      const invalid = { ...(record.manifest as object), invalid: error.message }
      return { ...record, manifest: invalid }
    }
  }

  #requireFree(type: ComponentType, name: string): void {
    const found = this.#context.registry().tryResolve(type, name)
    if (isStackError(found, 'unknown-flavor')) return
    const owner = isStackError(found) ? found.message : `It comes from ${found.package ?? found.source}.`
    throw new StackError('already-exists', `There is a ${type} flavor "${name}" already. ${owner}`, {
      hint: 'Give the flavor another name in its defineFlavor({ name }).',
    })
  }

  async #changed(): Promise<void> {
    this.#context.onChange(await this.#context.records.listSourceFlavors())
  }
}
