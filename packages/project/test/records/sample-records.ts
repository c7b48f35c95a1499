/** Records that tests write. */
import type { ArtifactRecord, ComponentRecord, RunRecord, StackRecord, StepRunRecord } from '@stack/core'

const now = '2026-01-02T03:04:05.678Z'
const stamp = { revision: 1, createdAt: now, updatedAt: now }

export function sampleComponent(name: string, changes: Partial<ComponentRecord> = {}): ComponentRecord {
  return {
    id: `id-${name}`,
    type: 'artifact-store',
    name,
    flavor: 's3',
    package: '@stack/flavor-s3',
    version: '1.2.3',
    configVersion: 2,
    config: { path: 's3://bucket', secret: '{{env:SECRET}}', nested: { list: [1, null, true] } },
    settings: { retries: 3 },
    ...stamp,
    ...changes,
  }
}

export function sampleStack(name: string, changes: Partial<StackRecord> = {}): StackRecord {
  return {
    id: `id-${name}`,
    name,
    components: { 'artifact-store': ['default-artifact-store'], orchestrator: ['default-orchestrator'] },
    ...stamp,
    ...changes,
  }
}

export function sampleRun(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    pipeline: 'train',
    stack: 'default',
    status: 'running',
    startedAt: now,
    endedAt: null,
    params: { csv: 'data.csv' },
    settings: { orchestrator: { concurrency: 2 } },
    metadata: {},
    artifactStore: 'default-artifact-store',
    owner: 'host:1:2',
    error: null,
    ...stamp,
    ...changes,
  }
}

export function sampleStep(
  run: string,
  invocation: string,
  position: number,
  changes: Partial<StepRunRecord> = {},
): StepRunRecord {
  return {
    run,
    invocation,
    step: 'load',
    position,
    status: 'completed',
    attempt: 1,
    cached: false,
    startedAt: now,
    endedAt: now,
    outputs: {},
    inputs: [],
    metadata: { rows: 344 },
    error: null,
    ...changes,
  }
}

export function sampleArtifact(
  run: string,
  invocation: string,
  changes: Partial<ArtifactRecord> = {},
): Omit<ArtifactRecord, 'version'> {
  return {
    id: `${run}-${invocation}-output`,
    name: `train/${invocation}/output`,
    uri: `runs/${run}/${invocation}/commit.json#/outputs/output`,
    artifactStore: 'default-artifact-store',
    run,
    invocation,
    output: 'output',
    materializer: 'json',
    mediaType: 'application/json',
    size: 2 ** 40,
    contentHash: `sha256:${'0'.repeat(64)}`,
    metadata: { loss: 0.5 },
    createdAt: now,
    ...changes,
  }
}
