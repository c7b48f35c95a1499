import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRecords, temporaryDirectory } from '../temporary-project.js'
import { sampleArtifact, sampleComponent, sampleRun, sampleStack, sampleStep } from './sample-records.js'

describe('a project without a database', () => {
  it('shows the default stack and leaves no trace', async () => {
    const root = temporaryDirectory()
    const records = openRecords(root)
    expect((await records.listStacks()).map((stack) => stack.name)).toEqual(['default'])
    expect((await records.listComponents()).map(({ type, name }) => `${type}/${name}`)).toEqual([
      'artifact-store/default',
      'orchestrator/default',
    ])
    expect(readdirSync(root)).toEqual([])
  })

  it('is made by the first write, git-ignored, with the records that were shown before', async () => {
    const root = temporaryDirectory()
    const records = openRecords(root)
    const shown = await records.findStack('default')
    await records.createComponent(sampleComponent('bucket'))
    expect((await records.findStack('default'))?.components).toEqual(shown?.components)
    expect(existsSync(join(root, '.stack', '.gitignore'))).toBe(true)
  })

  it('shows what another process made of it', async () => {
    const root = temporaryDirectory()
    const reader = openRecords(root)
    await reader.listStacks()
    await openRecords(root).createComponent(sampleComponent('bucket'))
    expect(await reader.findComponent('artifact-store', 'bucket')).toEqual(sampleComponent('bucket'))
  })
})

describe('components', () => {
  it('come back as they were written', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createComponent(sampleComponent('bucket'))
    expect(await records.getComponent('id-bucket')).toEqual(sampleComponent('bucket'))
    expect(await records.findComponent('orchestrator', 'bucket')).toBeNull()
  })

  it('keep keys that look like a prototype as data', async () => {
    const records = openRecords(temporaryDirectory())
    const config = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')
    await records.createComponent(sampleComponent('odd', { config }))
    const read = await records.getComponent('id-odd')
    expect(Object.keys(read?.config ?? {})).toEqual(['__proto__', 'constructor'])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('have one holder of a name within their type', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createComponent(sampleComponent('bucket'))
    await expect(records.createComponent(sampleComponent('bucket', { id: 'other' }))).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(records.createComponent(sampleComponent('other', { id: 'id-bucket' }))).rejects.toMatchObject({
      code: 'already-exists',
    })
    await records.createComponent(sampleComponent('bucket', { id: 'third', type: 'alerter' }))
    await records.createComponent(sampleComponent('fine'))
  })

  it('count their revisions, and a stale one is a conflict', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createComponent(sampleComponent('bucket'))
    const changed = await records.updateComponent(sampleComponent('bucket', { config: {} }), { expectedRevision: 1 })
    expect(changed).toMatchObject({ revision: 2, config: {} })
    await expect(records.updateComponent(sampleComponent('bucket'), { expectedRevision: 1 })).rejects.toMatchObject({
      code: 'conflict',
      details: { expectedRevision: 1, revision: 2 },
    })
    await expect(records.deleteComponent('id-bucket', { expectedRevision: 1 })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(records.updateComponent(sampleComponent('gone'), { expectedRevision: 1 })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await records.getComponent('id-bucket')).toEqual(changed)
  })

  it('cannot be deleted while stacks hold them; the error names the stacks', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createStack(sampleStack('prod'))
    await expect(records.deleteComponent('default-orchestrator', { expectedRevision: 1 })).rejects.toMatchObject({
      code: 'in-use',
      details: { stacks: ['default', 'prod'] },
    })
  })
})

describe('stacks', () => {
  it('keep the order of their components', async () => {
    const records = openRecords(temporaryDirectory())
    for (const name of ['b', 'a', 'c']) await records.createComponent(sampleComponent(name, { type: 'alerter' }))
    const stack = sampleStack('prod', {
      components: { ...sampleStack('prod').components, alerter: ['id-c', 'id-a', 'id-b'] },
    })
    await records.createStack(stack)
    expect(await records.findStack('prod')).toEqual(stack)
    const next = await records.updateStack({ ...stack, components: { alerter: ['id-b'] } }, { expectedRevision: 1 })
    expect(await records.getStack('id-prod')).toEqual(next)
    await records.deleteStack('id-prod', { expectedRevision: 2 })
    await records.deleteComponent('id-b', { expectedRevision: 1 })
  })

  it('are not made of components that are not there, nor of another type; nothing is left of them', async () => {
    const records = openRecords(temporaryDirectory())
    const absent = sampleStack('prod', { components: { alerter: ['nobody'] } })
    await expect(records.createStack(absent)).rejects.toMatchObject({ code: 'not-found' })
    const wrongType = sampleStack('prod', { components: { alerter: ['default-orchestrator'] } })
    await expect(records.createStack(wrongType)).rejects.toMatchObject({ code: 'not-found' })
    expect(await records.findStack('prod')).toBeNull()
  })
})

const later = '2026-01-02T04:00:00.000Z'

describe('runs', () => {
  it('are created with their steps and listed newest first', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createRun(sampleRun('one'), [sampleStep('one', 'b', 0, { status: 'pending' })])
    await records.createRun(sampleRun('two', { pipeline: 'other' }), [])
    await records.updateRun('one', {
      status: 'failed',
      endedAt: later,
      error: { code: 'step-failed', message: 'no' },
    })
    expect((await records.listRuns()).map((run) => run.id)).toEqual(['two', 'one'])
    expect((await records.listRuns({ limit: 1 })).map((run) => run.id)).toEqual(['two'])
    expect((await records.listRuns({ pipeline: 'train', status: 'failed' })).map((run) => run.id)).toEqual(['one'])
    expect(await records.getRun('one')).toMatchObject({
      status: 'failed',
      endedAt: later,
      error: { code: 'step-failed' },
      revision: 2,
    })
    await expect(records.updateRun('three', {})).rejects.toMatchObject({ code: 'not-found' })
  })

  it('list their steps in the order of the plan, the latest record of each', async () => {
    const records = openRecords(temporaryDirectory())
    await records.createRun(sampleRun('one'), [
      sampleStep('one', 'zebra', 0, { status: 'pending' }),
      sampleStep('one', 'ant', 1, { status: 'pending' }),
    ])
    const failed = sampleStep('one', 'zebra', 0, {
      status: 'failed',
      attempt: 2,
      cached: true,
      error: { code: 'unexpected', message: 'no' },
    })
    await records.recordStepRun(failed, [])
    expect(await records.listStepRuns('one')).toEqual([failed, sampleStep('one', 'ant', 1, { status: 'pending' })])
  })
})

describe('artifacts', () => {
  it('are given the next version of their name', async () => {
    const records = openRecords(temporaryDirectory())
    for (const run of ['one', 'two', 'three']) {
      const artifacts = [sampleArtifact(run, 'load')]
      await records.recordStepRun(sampleStep(run, 'load', 0), artifacts)
    }
    const listed = await records.listArtifacts({ name: 'train/load/output' })
    expect(listed.map(({ run, version }) => [run, version])).toEqual([
      ['three', 3],
      ['two', 2],
      ['one', 1],
    ])
    expect(await records.getArtifact('two-load-output')).toEqual({ ...sampleArtifact('two', 'load'), version: 2 })
  })

  it('keep the record of the same run, invocation and output', async () => {
    const records = openRecords(temporaryDirectory())
    const [first] = await records.recordStepRun(sampleStep('one', 'load', 0), [sampleArtifact('one', 'load')])
    const again = sampleArtifact('one', 'load', { id: 'another' })
    expect(await records.recordStepRun(sampleStep('one', 'load', 0), [again])).toEqual([first])
    expect(await records.listArtifacts({ run: 'one', limit: 10 })).toEqual([first])
  })
})
