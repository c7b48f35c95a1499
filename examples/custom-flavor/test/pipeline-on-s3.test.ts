import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from './project-copy.js'
import { type S3Server, startS3Server } from './s3-server.js'

const secret = `s3cr3t-${randomBytes(12).toString('hex')}`
const flavor = 'flavors/my-s3-artifact-store/flavor.ts#MyS3ArtifactStoreFlavor'

describe('a pipeline on an S3 server', { timeout: 120_000 }, () => {
  let server: S3Server
  let project: ProjectCopy

  beforeAll(async () => {
    server = await startS3Server()
    await server.createBucket('bucket')
    project = await copyProject({ sdk: true, env: { AWS_KEY: 'my-key', AWS_SECRET: secret } })
    await project.data('init')
    await project.data('artifact-store', 'flavor', 'register', flavor)
    await project.data(
      ...['artifact-store', 'register', 'bucket', '--flavor=my_s3_artifact_store', '--path=s3://bucket/some/prefix'],
      ...[
        '--key={{env:AWS_KEY}}',
        '--secret={{env:AWS_SECRET}}',
        `--endpoint=${server.endpoint}`,
        '--force-path-style',
      ],
    )
    await project.data('register', 's3', '--artifact-store=bucket', '--orchestrator=default', '--set')
  })
  afterAll(async () => {
    await project[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  it.each(['none', 'process'])('keeps its artifacts in the bucket (isolation %s)', async (isolation) => {
    const run = await project.data<{ id: string; status: string; stack: string }>(
      ...['run', 'pipelines/primes.ts#primes', '--below=50000', `--settings.orchestrator.isolation=${isolation}`],
    )
    expect(run).toMatchObject({ status: 'completed', stack: 's3' })

    const base = `some/prefix/runs/${run.id}`
    const keys = await server.keys('bucket')
    for (const name of ['plan.json', 'find-primes/commit.json', 'describe-primes/commit.json']) {
      expect(keys).toContain(`${base}/${name}`)
    }
    expect(keys.some((key) => key.startsWith(`${base}/find-primes/1/output`))).toBe(true)
  })

  it('reads them from there', async () => {
    const { stdout } = await project.stack('artifact', 'get', 'primes/describe-primes/output')
    expect(JSON.parse(stdout)).toEqual({ count: 5133, largest: 49999 })
    const primes = await project.stack('artifact', 'get', 'primes/find-primes/output')
    expect(JSON.parse(primes.stdout).slice(0, 5)).toEqual([2, 3, 5, 7, 11])
  })

  it('shows the reference of a secret and never its value: in no file, no output, no log, no object', async () => {
    const { config } = await project.data<{ config: Record<string, unknown> }>('artifact-store', 'describe', 'bucket')
    expect(config.secret).toBe('{{env:AWS_SECRET}}')
    await project.stack('runs', 'logs', 'latest')
    await project.stack('run', 'pipelines/primes.ts#primes', '--debug')

    expect(project.printed).not.toContain(secret)
    for (const [path, content] of await project.files()) expect(content.includes(secret), path).toBe(false)
    for (const key of await server.keys('bucket')) expect(await server.text('bucket', key), key).not.toContain(secret)
  })

  it('says which variable of the environment a secret is missing from', async () => {
    await using other = await copyProject({ sdk: true })
    await other.data('init')
    await other.data('artifact-store', 'flavor', 'register', flavor)
    await other.data(
      ...['artifact-store', 'register', 'bucket', '--flavor=my_s3_artifact_store', '--path=s3://bucket'],
      '--secret={{env:AWS_SECRET}}',
    )
    await other.data('register', 's3', '--artifact-store=bucket', '--orchestrator=default')
    const { exitCode, stdout } = await other.stack('run', 'pipelines/primes.ts', '--stack=s3', '--json')
    expect(exitCode).not.toBe(0)
    expect(stdout).toContain('AWS_SECRET')
  })
})
