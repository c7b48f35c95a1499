/** `stack artifact-store verify` on servers that keep their promises, and on one that does not. */
import { join } from 'node:path'
import { describeOnServer, freePort, type RunningServer, startHostileServer } from '@stack/test-servers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { runProgram } from '../run-program.js'

interface Report {
  readonly status: string
  readonly checks: readonly { readonly name: string; readonly status: string; readonly hint?: string }[]
  readonly removedUploads: readonly string[]
}

let project: LinkedProject

beforeAll(async () => {
  project = await makeLinkedProject(
    {},
    { packages: { '@stack/flavor-s3': 'integrations/s3', '@stack/flavor-gcs': 'integrations/gcs' } },
  )
})

afterAll(() => project[Symbol.asyncDispose]())

async function stack(argv: readonly string[], { accessKeyId = 'a', secretAccessKey = 'b' } = {}) {
  const finished = await runProgram(join(project.directory, 'node_modules/.bin/stack'), [...argv, '--json'], {
    cwd: project.directory,
    env: { ...cleanEnvironment(), S3_KEY: accessKeyId, S3_SECRET: secretAccessKey },
  })
  return { ...finished, answer: JSON.parse(finished.stdout) as { data?: Report; error?: { message: string } } }
}

async function register(name: string, endpoint: string, bucket: string) {
  const flags = [`--path=s3://${bucket}/prefix`, `--endpoint=${endpoint}`, '--region=us-east-1', '--force-path-style']
  const login = ['--key={{env:S3_KEY}}', '--secret={{env:S3_SECRET}}']
  const { exitCode, stdout } = await stack(['artifact-store', 'register', name, '--flavor=s3', ...flags, ...login])
  expect(exitCode, stdout).toBe(0)
}

async function verify(name: string, server?: RunningServer) {
  const { exitCode, answer, stdout } = await stack(['artifact-store', 'verify', name], server?.credentials)
  if (answer.data === undefined) throw new Error(stdout)
  return { exitCode, report: answer.data }
}

const notOk = ({ checks }: Report) => checks.filter(({ status }) => status !== 'ok')

await describeOnServer('verify', 'fauxqs', (server) => {
  it('fails where the server ignores conditions, with the flag that says so, and warns once it is told', async () => {
    const bucket = await server().createBucket()
    await register('ignorant', server().endpoint, bucket)
    const { exitCode, report } = await verify('ignorant', server())
    expect([exitCode, report.status]).toEqual([8, 'failed'])
    const failed = report.checks.filter(({ status }) => status === 'failed')
    expect(failed.map(({ name }) => name)).toContain('conditional-create')
    expect(failed.map(({ hint }) => hint).join('\n')).toContain('--conditionalWrites=false')

    await stack(['artifact-store', 'update', 'ignorant', '--conditionalWrites=false'])
    const told = await verify('ignorant', server())
    expect([told.exitCode, told.report.status]).toEqual([0, 'warning'])
    expect(notOk(told.report).map(({ name }) => name)).toContain('conditional-create')

    const listing = await (await fetch(`${server().endpoint}/${bucket}?list-type=2`)).text()
    expect(listing).not.toContain('<Key>')
  })

  it('tells a bucket that is not there', async () => {
    await register('missing', server().endpoint, 'no-such-bucket')
    const { exitCode, report } = await verify('missing', server())
    expect([exitCode, report.status]).toEqual([3, 'failed'])
  })
})

for (const name of ['versitygw', 'minio'] as const) {
  await describeOnServer('verify', name, (server) => {
    it('finds nothing that fails', async () => {
      await register(name, server().endpoint, await server().createBucket())
      const { exitCode, report } = await verify(name, server())
      expect(exitCode, JSON.stringify(notOk(report))).toBe(0)
      expect(report.checks.map((check) => check.name)).toEqual(expect.arrayContaining(['write', 'multipart', 'delete']))
    })

    it('tells credentials that are wrong', async () => {
      await register(`${name}-wrong`, server().endpoint, await server().createBucket())
      const { exitCode, report } = await verify(`${name}-wrong`)
      expect([exitCode, report.status]).toEqual([4, 'failed'])
    })
  })
}

describe('verify', () => {
  it('tells that nothing answers', { timeout: 180_000 }, async () => {
    await register('down', `http://127.0.0.1:${await freePort()}`, 'bucket')
    const { exitCode, report } = await verify('down')
    expect([exitCode, report.status]).toEqual([8, 'failed'])
  })
})

describe('verify of a server whose errors have no end', () => {
  it.each(['s3', 'gcs'])('fails as unavailable and hangs up (%s)', async (flavor) => {
    const hostile = await startHostileServer(() => ({ status: 400, endless: 'x' }))
    if (flavor === 's3') await register('endless-s3', hostile.endpoint, 'bucket')
    else {
      const flags = ['--flavor=gcs', '--path=gs://bucket', `--endpoint=${hostile.endpoint}`]
      const { exitCode, stdout } = await stack(['artifact-store', 'register', 'endless-gcs', ...flags])
      expect(exitCode, stdout).toBe(0)
    }
    const { exitCode, report } = await verify(`endless-${flavor}`)
    expect([exitCode, report.status]).toEqual([8, 'failed'])
    expect(report.checks.find(({ name }) => name === 'write')).toMatchObject({ status: 'failed', code: 'unavailable' })
    expect(hostile.mostSent()).toBeLessThan(24 * 1024 ** 2)
    await hostile[Symbol.asyncDispose]()
  })
})
