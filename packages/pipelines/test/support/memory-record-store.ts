/** The port to records, kept in memory: what it takes and gives is copied, as a database would. */
import {
  type ArtifactRecord,
  type ComponentRecord,
  type ComponentType,
  type ErrorCode,
  type ExpectedRevision,
  type RecordStore,
  type Revisioned,
  type RunRecord,
  type SourceFlavorRecord,
  StackError,
  type StackRecord,
  type StepRunRecord,
} from '@stack/core'

const copy = <T>(value: T): T => structuredClone(value)

function refuse(code: ErrorCode, what: string): never {
  throw new StackError(code, `${what}: ${code}.`)
}

/** Records with an id, a revision, and a key that is unique among them. */
class Table<T extends Revisioned & { readonly id: string }> {
  readonly #rows = new Map<string, T>()
  readonly #key: (record: T) => string

  constructor(key: (record: T) => string) {
    this.#key = key
  }

  create(record: T): void {
    if (this.#rows.has(record.id) || this.find(this.#key(record)) !== null) refuse('already-exists', this.#key(record))
    this.#rows.set(record.id, copy(record))
  }

  get(id: string): T | null {
    return copy(this.#rows.get(id) ?? null)
  }

  find(key: string): T | null {
    return copy([...this.#rows.values()].find((row) => this.#key(row) === key) ?? null)
  }

  list(): T[] {
    return copy([...this.#rows.values()].sort((a, b) => (this.#key(a) < this.#key(b) ? -1 : 1)))
  }

  update(record: T, { expectedRevision }: ExpectedRevision): T {
    this.#check(record.id, expectedRevision)
    const other = this.find(this.#key(record))
    if (other !== null && other.id !== record.id) refuse('already-exists', this.#key(record))
    const next = { ...copy(record), revision: expectedRevision + 1 }
    this.#rows.set(record.id, next)
    return copy(next)
  }

  delete(id: string, { expectedRevision }: ExpectedRevision): void {
    this.#check(id, expectedRevision)
    this.#rows.delete(id)
  }

  #check(id: string, expectedRevision: number): void {
    const row = this.#rows.get(id) ?? refuse('not-found', id)
    if (row.revision !== expectedRevision) refuse('conflict', id)
  }
}

export class MemoryRecordStore implements RecordStore {
  readonly #components = new Table<ComponentRecord>(({ type, name }) => `${type} ${name}`)
  readonly #stacks = new Table<StackRecord>(({ name }) => name)
  readonly #sourceFlavors = new Table<SourceFlavorRecord>(({ type, name }) => `${type} ${name}`)
  readonly #runs = new Map<string, RunRecord>()
  readonly #steps = new Map<string, Map<string, StepRunRecord>>()
  readonly #artifacts: ArtifactRecord[] = []

  async createComponent(record: ComponentRecord) {
    this.#components.create(record)
  }

  async getComponent(id: string) {
    return this.#components.get(id)
  }

  async findComponent(type: ComponentType, name: string) {
    return this.#components.find(`${type} ${name}`)
  }

  async listComponents(type?: ComponentType) {
    return this.#components.list().filter((record) => type === undefined || record.type === type)
  }

  async updateComponent(record: ComponentRecord, options: ExpectedRevision) {
    return this.#components.update(record, options)
  }

  async deleteComponent(id: string, options: ExpectedRevision) {
    const users = this.#stacks.list().filter(({ components }) => Object.values(components).flat().includes(id))
    if (users.length > 0) refuse('in-use', id)
    this.#components.delete(id, options)
  }

  async createStack(record: StackRecord) {
    for (const id of Object.values(record.components).flat()) this.#components.get(id) ?? refuse('not-found', id)
    this.#stacks.create(record)
  }

  async getStack(id: string) {
    return this.#stacks.get(id)
  }

  async findStack(name: string) {
    return this.#stacks.find(name)
  }

  async listStacks() {
    return this.#stacks.list()
  }

  async updateStack(record: StackRecord, options: ExpectedRevision) {
    return this.#stacks.update(record, options)
  }

  async deleteStack(id: string, options: ExpectedRevision) {
    this.#stacks.delete(id, options)
  }

  async createSourceFlavor(record: SourceFlavorRecord) {
    this.#sourceFlavors.create(record)
  }

  async findSourceFlavor(type: ComponentType, name: string) {
    return this.#sourceFlavors.find(`${type} ${name}`)
  }

  async listSourceFlavors(type?: ComponentType) {
    return this.#sourceFlavors.list().filter((record) => type === undefined || record.type === type)
  }

  async updateSourceFlavor(record: SourceFlavorRecord, options: ExpectedRevision) {
    return this.#sourceFlavors.update(record, options)
  }

  async deleteSourceFlavor(id: string, options: ExpectedRevision) {
    this.#sourceFlavors.delete(id, options)
  }

  async createRun(run: RunRecord, steps: readonly StepRunRecord[]) {
    if (this.#runs.has(run.id)) refuse('already-exists', run.id)
    this.#runs.set(run.id, copy(run))
    this.#steps.set(run.id, new Map(steps.map((step) => [step.invocation, copy(step)])))
  }

  async getRun(id: string) {
    return copy(this.#runs.get(id) ?? null)
  }

  async listRuns(filter: { pipeline?: string; status?: RunRecord['status']; limit?: number } = {}) {
    return copy(
      [...this.#runs.values()]
        .filter(({ pipeline }) => filter.pipeline === undefined || pipeline === filter.pipeline)
        .filter(({ status }) => filter.status === undefined || status === filter.status)
        .reverse()
        .slice(0, filter.limit),
    )
  }

  async updateRun(id: string, changes: Parameters<RecordStore['updateRun']>[1]) {
    const run = this.#runs.get(id) ?? refuse('not-found', id)
    this.#runs.set(id, { ...run, ...copy(changes), revision: run.revision + 1 })
  }

  async listStepRuns(run: string) {
    return copy([...(this.#steps.get(run)?.values() ?? [])].sort((a, b) => a.position - b.position))
  }

  async recordStepRun(step: StepRunRecord, artifacts: readonly Omit<ArtifactRecord, 'version'>[]) {
    const steps = this.#steps.get(step.run) ?? refuse('not-found', step.run)
    steps.set(step.invocation, copy(step))
    return artifacts.map((artifact) => {
      const known = this.#artifacts.find(
        ({ run, invocation, output }) =>
          run === artifact.run && invocation === artifact.invocation && output === artifact.output,
      )
      if (known !== undefined) return copy(known)
      const versions = this.#artifacts.filter(({ name }) => name === artifact.name).map(({ version }) => version)
      const record = { ...copy(artifact), version: Math.max(0, ...versions) + 1 }
      this.#artifacts.push(record)
      return copy(record)
    })
  }

  async getArtifact(id: string) {
    return copy(this.#artifacts.find((artifact) => artifact.id === id) ?? null)
  }

  async listArtifacts(filter: { run?: string; name?: string; limit?: number } = {}) {
    return copy(
      this.#artifacts
        .filter(({ run }) => filter.run === undefined || run === filter.run)
        .filter(({ name }) => filter.name === undefined || name === filter.name)
        .reverse()
        .slice(0, filter.limit),
    )
  }

  async close() {}
}
