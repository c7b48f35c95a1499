import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from './project-copy.js'

const source = 'flavors/my-s3-artifact-store/flavor.ts#MyS3ArtifactStoreFlavor'
const store = ['--flavor=my_s3_artifact_store', '--path=s3://bucket/prefix']

describe('where the SDK is not installed', { timeout: 60_000 }, () => {
  let project: ProjectCopy

  beforeAll(async () => {
    project = await copyProject({ sdk: false })
    await project.data('init')
    await project.data('artifact-store', 'flavor', 'register', source)
  })
  afterAll(() => project[Symbol.asyncDispose]())

  it('the flavor is registered, listed and described, its secrets marked', async () => {
    const rows = await project.data<{ name: string }[]>('artifact-store', 'flavor', 'list')
    expect(rows.find(({ name }) => name === 'my_s3_artifact_store')).toEqual({
      type: 'artifact-store',
      name: 'my_s3_artifact_store',
      package: null,
      version: null,
      origin: 'source',
      status: 'ok',
    })
    const { config } = await project.data<{ config: { name: string; secret: boolean; required: boolean }[] }>(
      'artifact-store',
      'flavor',
      'describe',
      'my_s3_artifact_store',
    )
    expect(config.filter((field) => field.secret).map((field) => field.name)).toEqual(['key', 'secret', 'token'])
    expect(config.filter((field) => field.required).map((field) => field.name)).toEqual(['path'])
  })

  it('its config is validated, all problems at once', async () => {
    const { exitCode, stdout } = await project.stack(
      ...['artifact-store', 'register', 'broken', '--flavor=my_s3_artifact_store', '--path=http://x'],
      ...['--force-path-style=perhaps', '--json'],
    )
    const { error } = JSON.parse(stdout)
    expect(exitCode).toBe(2)
    expect(error.problems.map((problem: { path: string }) => problem.path).sort()).toEqual(['forcePathStyle', 'path'])
  })

  it('a misspelt field is refused with a suggestion, a plain secret with the ways out', async () => {
    const misspelt = await project.stack('artifact-store', 'register', 'broken', ...store, '--regoin=eu', '--json')
    expect([misspelt.exitCode, misspelt.stdout]).toEqual([2, expect.stringContaining('region')])

    const plain = await project.stack('artifact-store', 'register', 'broken', ...store, '--secret=hunter2', '--json')
    expect([plain.exitCode, JSON.parse(plain.stdout).error.code]).toEqual([2, 'secret-plain-text'])
    expect(project.printed).not.toContain('hunter2')
  })

  it('a component and a stack are registered, and only the run tells what is missing', async () => {
    const component = await project.data('artifact-store', 'register', 'bucket', ...store)
    expect(component).toMatchObject({ flavor: 'my_s3_artifact_store', package: null, status: 'ok' })
    await project.data('register', 's3', '--artifact-store=bucket', '--orchestrator=default')

    const { exitCode, stdout } = await project.stack('run', 'pipelines/primes.ts', '--stack=s3', '--json')
    const { error } = JSON.parse(stdout)
    expect([exitCode, error.code]).toEqual([8, 'flavor-unloadable'])
    expect(error.message).toContain('@aws-sdk/client-s3')
  })
})

it('the dotted form of the source path names the same flavor', { timeout: 60_000 }, async () => {
  await using project = await copyProject({ sdk: false })
  await project.data('init')
  const flavor = 'flavors.my_s3_artifact_store.flavor.MyS3ArtifactStoreFlavor'
  await project.data('artifact-store', 'flavor', 'register', flavor)
  const rows = await project.data<{ name: string; origin: string }[]>('artifact-store', 'flavor', 'list')
  expect(rows.find(({ name }) => name === 'my_s3_artifact_store')?.origin).toBe('source')
})
