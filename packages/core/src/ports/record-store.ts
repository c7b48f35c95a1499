/** The port to a project's records. Ids are made by the client, times are ISO 8601 in UTC, updates name the revision they saw. */
import type { ComponentType } from '../component/component-type.js'
import type { JsonValue, Metadata } from '../component/metadata.js'
import type { StackErrorJson } from '../errors/stack-error.js'
import type { RunStatus, StepStatus } from '../orchestrator/orchestrator.js'
import type { SettingsByKey } from '../orchestrator/run-plan.js'

/** Counts the changes of a record, from 1. */
export interface Revisioned {
  readonly revision: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** A config as given: secrets as the references they were written as. */
export type ConfigValues = { readonly [field: string]: JsonValue }

/** A registered, named configuration of a flavor. */
export interface ComponentRecord extends Revisioned {
  readonly id: string
  readonly type: ComponentType
  readonly name: string
  readonly flavor: string
  /** The package that gave the flavor when the config was last validated; null for a source flavor. */
  readonly package: string | null
  readonly version: string | null
  readonly configVersion: number
  readonly config: ConfigValues
  readonly settings: ConfigValues
}

/** A named set of components. */
export interface StackRecord extends Revisioned {
  readonly id: string
  readonly name: string
  /** Ids of components by type, the default of the type first. */
  readonly components: { readonly [T in ComponentType]?: readonly string[] }
}

/** A custom flavor registered by its source path. */
export interface SourceFlavorRecord extends Revisioned {
  readonly id: string
  readonly type: ComponentType
  readonly name: string
  /** `file#export`, the file relative to the project root. */
  readonly source: string
  /** What `defineFlavor` said when it was last imported: schemas as JSON Schema, capabilities, description. */
  readonly manifest: JsonValue
  /** `sha256:<hex>` by file, relative to the project root. */
  readonly files: Readonly<Record<string, string>>
}

/** A run of a pipeline on a stack. */
export interface RunRecord extends Revisioned {
  readonly id: string
  readonly pipeline: string
  readonly stack: string
  readonly status: RunStatus
  readonly startedAt: string
  readonly endedAt: string | null
  readonly params: { readonly [name: string]: JsonValue }
  readonly settings: SettingsByKey
  readonly metadata: Metadata
  /** Where the run's objects are: the artifact store component's id. */
  readonly artifactStore: string
  /** The process that drives the run, by which a run whose process died is found: `<host>:<pid>:<start>`. */
  readonly owner: string | null
  readonly error: StackErrorJson | null
}

/** One invocation of a run and its latest attempt. */
export interface StepRunRecord {
  readonly run: string
  readonly invocation: string
  readonly step: string
  /** Its place in the plan, from 0. */
  readonly position: number
  readonly status: StepStatus
  readonly attempt: number
  readonly cached: boolean
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** Artifact ids by output name. */
  readonly outputs: Readonly<Record<string, string>>
  /** Artifact ids that were read, for lineage. */
  readonly inputs: readonly string[]
  readonly metadata: Metadata
  readonly error: StackErrorJson | null
}

/** An output of a step run, kept in the artifact store. */
export interface ArtifactRecord {
  readonly id: string
  /** `<pipeline>/<invocation>/<output>`: what versions are counted by. */
  readonly name: string
  readonly version: number
  /** Relative to the artifact store. */
  readonly uri: string
  readonly artifactStore: string
  readonly run: string
  readonly invocation: string
  readonly output: string
  readonly materializer: string
  readonly mediaType: string
  readonly size: number
  readonly contentHash: string
  readonly metadata: Metadata
  readonly createdAt: string
}

/** What an update of a record must name. */
export interface ExpectedRevision {
  readonly expectedRevision: number
}

/**
 * A project's records.
 *
 * Creating what exists throws `already-exists`; a name that is taken likewise. Updating or deleting with a stale
 * `expectedRevision` throws `conflict`, an absent one `not-found`. Getting what is absent gives null.
 */
export interface RecordStore {
  createComponent(record: ComponentRecord): Promise<void>
  getComponent(id: string): Promise<ComponentRecord | null>
  findComponent(type: ComponentType, name: string): Promise<ComponentRecord | null>
  /** By type, then name. */
  listComponents(type?: ComponentType): Promise<readonly ComponentRecord[]>
  /** Writes the record with the revision after `expectedRevision`, which it gives back. */
  updateComponent(record: ComponentRecord, options: ExpectedRevision): Promise<ComponentRecord>
  /** Throws `in-use` where a stack holds the component. */
  deleteComponent(id: string, options: ExpectedRevision): Promise<void>

  /** Throws `not-found` where one of the components is absent. */
  createStack(record: StackRecord): Promise<void>
  getStack(id: string): Promise<StackRecord | null>
  findStack(name: string): Promise<StackRecord | null>
  listStacks(): Promise<readonly StackRecord[]>
  updateStack(record: StackRecord, options: ExpectedRevision): Promise<StackRecord>
  deleteStack(id: string, options: ExpectedRevision): Promise<void>

  createSourceFlavor(record: SourceFlavorRecord): Promise<void>
  findSourceFlavor(type: ComponentType, name: string): Promise<SourceFlavorRecord | null>
  listSourceFlavors(type?: ComponentType): Promise<readonly SourceFlavorRecord[]>
  updateSourceFlavor(record: SourceFlavorRecord, options: ExpectedRevision): Promise<SourceFlavorRecord>
  /** Throws `in-use` where a component is registered with it. */
  deleteSourceFlavor(id: string, options: ExpectedRevision): Promise<void>

  /** Creates a run and its step runs at once. */
  createRun(run: RunRecord, steps: readonly StepRunRecord[]): Promise<void>
  getRun(id: string): Promise<RunRecord | null>
  /** Newest first. */
  listRuns(filter?: {
    readonly pipeline?: string
    readonly status?: RunStatus
    readonly limit?: number
  }): Promise<readonly RunRecord[]>
  /** Writes the changed fields of a run; runs have one writer, so no revision is asked for. */
  updateRun(id: string, changes: Partial<Pick<RunRecord, 'status' | 'endedAt' | 'metadata' | 'error'>>): Promise<void>
  /** In the plan's order. */
  listStepRuns(run: string): Promise<readonly StepRunRecord[]>
  /**
   * Writes a step run and the artifacts it made in one transaction. Each artifact is given the next version of its name,
   * unless one with the same run, invocation and output is there already, which is kept; the records are given back.
   */
  recordStepRun(
    step: StepRunRecord,
    artifacts: readonly Omit<ArtifactRecord, 'version'>[],
  ): Promise<readonly ArtifactRecord[]>

  getArtifact(id: string): Promise<ArtifactRecord | null>
  /** Newest first. */
  listArtifacts(filter?: {
    readonly run?: string
    readonly name?: string
    readonly limit?: number
  }): Promise<readonly ArtifactRecord[]>

  close(): Promise<void>
}
