/** The record store on a project's embedded SQLite: every write is one transaction of prepared statements. */
import type {
  ArtifactRecord,
  ComponentRecord,
  ComponentType,
  ExpectedRevision,
  RecordStore,
  RunRecord,
  SourceFlavorRecord,
  StackRecord,
  StepRunRecord,
} from '@stack/core'
import { insertArtifact, selectArtifact, selectArtifacts } from './artifact-table.js'
import {
  deleteComponent,
  findComponent,
  insertComponent,
  selectComponent,
  selectComponents,
  updateComponent,
} from './component-table.js'
import type { Connection } from './connection.js'
import type { ProjectDatabase } from './project-database.js'
import type { ReportDamage } from './read-rows.js'
import { insertRun, selectRun, selectRuns, updateRun } from './run-table.js'
import {
  deleteSourceFlavor,
  findSourceFlavor,
  insertSourceFlavor,
  selectSourceFlavors,
  updateSourceFlavor,
} from './source-flavor-table.js'
import { deleteStack, findStack, insertStack, selectStack, selectStacks, updateStack } from './stack-table.js'
import { selectStepRuns, upsertStepRun } from './step-run-table.js'

export class SqliteRecordStore implements RecordStore {
  readonly #database: ProjectDatabase
  readonly #report: ReportDamage

  /** Each record that a list leaves out because it is damaged is reported. */
  constructor(database: ProjectDatabase, report: ReportDamage = () => {}) {
    this.#database = database
    this.#report = report
  }

  async createComponent(record: ComponentRecord): Promise<void> {
    return this.#write((connection) => insertComponent(connection, record))
  }

  async getComponent(id: string): Promise<ComponentRecord | null> {
    return selectComponent(this.#database.read(), id)
  }

  async findComponent(type: ComponentType, name: string): Promise<ComponentRecord | null> {
    return findComponent(this.#database.read(), type, name)
  }

  async listComponents(type?: ComponentType): Promise<readonly ComponentRecord[]> {
    return selectComponents(this.#database.read(), type, this.#report)
  }

  async updateComponent(record: ComponentRecord, options: ExpectedRevision): Promise<ComponentRecord> {
    return this.#write((connection) => updateComponent(connection, record, options.expectedRevision))
  }

  async deleteComponent(id: string, options: ExpectedRevision): Promise<void> {
    return this.#write((connection) => deleteComponent(connection, id, options.expectedRevision))
  }

  async createStack(record: StackRecord): Promise<void> {
    return this.#write((connection) => insertStack(connection, record))
  }

  async getStack(id: string): Promise<StackRecord | null> {
    return selectStack(this.#database.read(), id)
  }

  async findStack(name: string): Promise<StackRecord | null> {
    return findStack(this.#database.read(), name)
  }

  async listStacks(): Promise<readonly StackRecord[]> {
    return selectStacks(this.#database.read(), this.#report)
  }

  async updateStack(record: StackRecord, options: ExpectedRevision): Promise<StackRecord> {
    return this.#write((connection) => updateStack(connection, record, options.expectedRevision))
  }

  async deleteStack(id: string, options: ExpectedRevision): Promise<void> {
    return this.#write((connection) => deleteStack(connection, id, options.expectedRevision))
  }

  async createSourceFlavor(record: SourceFlavorRecord): Promise<void> {
    return this.#write((connection) => insertSourceFlavor(connection, record))
  }

  async findSourceFlavor(type: ComponentType, name: string): Promise<SourceFlavorRecord | null> {
    return findSourceFlavor(this.#database.read(), type, name)
  }

  async listSourceFlavors(type?: ComponentType): Promise<readonly SourceFlavorRecord[]> {
    return selectSourceFlavors(this.#database.read(), type, this.#report)
  }

  async updateSourceFlavor(record: SourceFlavorRecord, options: ExpectedRevision): Promise<SourceFlavorRecord> {
    return this.#write((connection) => updateSourceFlavor(connection, record, options.expectedRevision))
  }

  async deleteSourceFlavor(id: string, options: ExpectedRevision): Promise<void> {
    return this.#write((connection) => deleteSourceFlavor(connection, id, options.expectedRevision))
  }

  async createRun(run: RunRecord, steps: readonly StepRunRecord[]): Promise<void> {
    return this.#write((connection) => {
      insertRun(connection, run)
      for (const step of steps) upsertStepRun(connection, step)
    })
  }

  async getRun(id: string): Promise<RunRecord | null> {
    return selectRun(this.#database.read(), id)
  }

  async listRuns(filter?: Parameters<RecordStore['listRuns']>[0]): Promise<readonly RunRecord[]> {
    return selectRuns(this.#database.read(), filter, this.#report)
  }

  async updateRun(id: string, changes: Parameters<RecordStore['updateRun']>[1]): Promise<void> {
    return this.#write((connection) => updateRun(connection, id, changes))
  }

  async listStepRuns(run: string): Promise<readonly StepRunRecord[]> {
    return selectStepRuns(this.#database.read(), run, this.#report)
  }

  async recordStepRun(
    step: StepRunRecord,
    artifacts: readonly Omit<ArtifactRecord, 'version'>[],
  ): Promise<readonly ArtifactRecord[]> {
    return this.#write((connection) => {
      upsertStepRun(connection, step)
      return artifacts.map((artifact) => insertArtifact(connection, artifact))
    })
  }

  async getArtifact(id: string): Promise<ArtifactRecord | null> {
    return selectArtifact(this.#database.read(), id)
  }

  async listArtifacts(filter?: Parameters<RecordStore['listArtifacts']>[0]): Promise<readonly ArtifactRecord[]> {
    return selectArtifacts(this.#database.read(), filter, this.#report)
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #write<T>(work: (connection: Connection) => T): T {
    const connection = this.#database.write()
    return connection.transaction(() => work(connection))
  }
}
