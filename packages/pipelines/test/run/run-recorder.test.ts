import type { Commit, RunEvent, RunPlan, RunRecord, StepRunRecord } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { RunRecorder } from '../../src/run/run-recorder.js'
import { MemoryRecordStore } from '../support/memory-record-store.js'

const run: RunRecord = {
  id: 'r1',
  pipeline: 'p',
  stack: 's',
  status: 'running',
  startedAt: '2026-11-25T00:00:00.000Z',
  endedAt: null,
  params: {},
  settings: {},
  metadata: {},
  artifactStore: 'store-1',
  owner: null,
  error: null,
  revision: 1,
  createdAt: '2026-11-25T00:00:00.000Z',
  updatedAt: '2026-11-25T00:00:00.000Z',
}

const plan: RunPlan = {
  protocol: 1,
  pipeline: 'p',
  params: {},
  settings: {},
  invocations: ['a', 'b'].map((name) => ({
    name,
    step: name,
    inputs: {},
    after: [],
    outputs: ['output'],
    settings: {},
  })),
}

const ref = (invocation: string) => ({ protocol: 1, run: 'r1', invocation, attempt: 1, token: 't' }) as const

const commit = (invocation: string, inputs: Record<string, string> = {}): Commit => ({
  ...ref(invocation),
  startedAt: '2026-11-25T00:00:00.000Z',
  endedAt: '2026-11-25T00:00:01.000Z',
  inputs,
  outputs: {
    output: {
      uri: 'u',
      materializer: 'json',
      mediaType: 'application/json',
      size: 1,
      contentHash: 'sha256:00',
      value: 1,
    },
  },
  metadata: { accuracy: 0.9 },
})

const started = (invocation: string): RunEvent => ({ kind: 'attempt-started', ref: ref(invocation), at: run.startedAt })
const completed = (invocation: string, inputs?: Record<string, string>): RunEvent => ({
  kind: 'attempt-ended',
  ref: ref(invocation),
  at: '2026-11-25T00:00:01.000Z',
  outcome: { status: 'completed', commit: commit(invocation, inputs) },
})

async function recorder(records = new MemoryRecordStore()) {
  const made = new RunRecorder({ run, plan, records, redact: (value) => value })
  await made.create()
  return { records, recorder: made }
}

describe('RunRecorder', () => {
  it('creates the run with every step pending, in the plan’s order', async () => {
    const { records } = await recorder()
    expect((await records.getRun('r1'))?.status).toBe('running')
    expect((await records.listStepRuns('r1')).map(({ invocation, status }) => [invocation, status])).toEqual([
      ['a', 'pending'],
      ['b', 'pending'],
    ])
  })

  it('records a completed step with its artifacts, metadata and lineage', async () => {
    const { records, recorder: made } = await recorder()
    await made.report(started('a'))
    await made.report(completed('a'))
    await made.report(started('b'))
    await made.report(completed('b', { 'a.output': 'sha256:00' }))
    const [a, b] = await records.listStepRuns('r1')
    expect(a).toMatchObject({ status: 'completed', outputs: { output: 'r1.a.output' }, metadata: { accuracy: 0.9 } })
    expect(b?.inputs).toEqual(['r1.a.output'])
    expect(await records.getArtifact('r1.b.output')).toMatchObject({
      name: 'p/b/output',
      version: 1,
      artifactStore: 'store-1',
      contentHash: 'sha256:00',
    })
  })

  it('counts an artifact once, however often its commit is recorded', async () => {
    const { records, recorder: made } = await recorder()
    await made.report(started('a'))
    await made.report(completed('a'))
    await made.report(completed('a'))
    expect(await records.listArtifacts()).toHaveLength(1)
  })

  it('writes a short step once, and a long one as running meanwhile', async () => {
    const writes: StepRunRecord[] = []
    class Watched extends MemoryRecordStore {
      override async recordStepRun(...args: Parameters<MemoryRecordStore['recordStepRun']>) {
        writes.push(args[0])
        return super.recordStepRun(...args)
      }
    }
    const { recorder: made } = await recorder(new Watched())
    await made.report(started('a'))
    await made.report(completed('a'))
    await made.report(started('b'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await made.report(completed('b'))
    expect(writes.map(({ invocation, status }) => [invocation, status])).toEqual([
      ['a', 'completed'],
      ['b', 'running'],
      ['b', 'completed'],
    ])
  })

  it('says why a step was skipped', async () => {
    const { records, recorder: made } = await recorder()
    await made.report({ kind: 'invocation-skipped', invocation: 'b', because: 'a' })
    const [, b] = await records.listStepRuns('r1')
    expect([b?.status, b?.error?.message]).toEqual(['skipped', 'Skipped, because "a" gave no outputs.'])
  })

  it('keeps nothing of a stack trace, and redacts errors and metadata', async () => {
    const records = new MemoryRecordStore()
    const redact = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '[secret]')) as T
    const made = new RunRecorder({ run, plan, records, redact })
    await made.create()
    const error = { code: 'step-failed', message: 'password hunter2', stack: 'at hunter2' }
    await made.report(started('a'))
    await made.report({ kind: 'attempt-ended', ref: ref('a'), at: run.startedAt, outcome: { status: 'failed', error } })
    await made.finish({ status: 'failed', metadata: { key: 'hunter2' }, error })
    const all = JSON.stringify([await records.getRun('r1'), await records.listStepRuns('r1')])
    expect(all).not.toContain('hunter2')
    expect(all).toContain('password [secret]')
  })
})
