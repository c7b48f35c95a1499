/** Streams and directories go through a bucket, with every step in a process of its own. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeOnServer } from '@stack/test-servers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { runProgram } from '../run-program.js'
import { environmentOf, placeOn, registerFlags, type StorePlace } from '../stores/store-place.js'

const pipelineFile = `import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from '@stack/core'
import { ArtifactDirectory, ArtifactStream, pipeline, step } from '@stack/pipelines'

const feed = step({
  name: 'feed',
  input: z.object({ chunks: z.number(), fails: z.boolean() }),
  output: ArtifactStream,
  run: ({ chunks, fails }) =>
    new ArtifactStream((async function* () {
      for (let chunk = 0; chunk < chunks; chunk += 1) yield Buffer.alloc(1024 * 1024, chunk)
      if (fails) throw new Error('the feed broke off')
    })()),
})

const shard = step({
  name: 'shard',
  input: z.object({ feed: z.instanceof(ArtifactStream) }),
  output: { shards: ArtifactDirectory, hash: z.string() },
  run: async ({ feed }) => {
    const directory = await mkdtemp(join(tmpdir(), 'stack-shards-'))
    await mkdir(join(directory, 'parts/none'), { recursive: true })
    const hash = createHash('sha256')
    let part = 0
    for await (const chunk of feed) {
      hash.update(chunk)
      if (part < 20) await writeFile(join(directory, 'parts', \`\${part}.bin\`), chunk)
      part += 1
    }
    return { shards: new ArtifactDirectory(directory, { name: 'shards' }), hash: hash.digest('hex') }
  },
})

const again = step({
  name: 'again',
  input: z.object({ feed: z.instanceof(ArtifactStream), shards: z.instanceof(ArtifactDirectory) }),
  run: async ({ feed, shards }) => {
    const hash = createHash('sha256')
    for await (const chunk of feed) hash.update(chunk)
    const target = await shards.downloadTo(await mkdtemp(join(tmpdir(), 'stack-target-')))
    return { hash: hash.digest('hex'), files: (await shards.files()).map(({ path }) => path), target }
  },
})

export const large = pipeline({
  name: 'large',
  params: z.object({ chunks: z.number(), fails: z.boolean().default(false) }),
  run: (params) => {
    const stream = feed(params)
    again({ feed: stream, shards: shard({ feed: stream }).shards })
  },
})
`

for (const name of ['fauxqs', 'versitygw', 'minio', 'fake-gcs'] as const) {
  await describeOnServer('streams and directories', name, (server) => {
    let project: LinkedProject
    let place: StorePlace

    beforeAll(async () => {
      place = await placeOn(server())
      project = await makeLinkedProject(
        { 'pipelines/large.ts': pipelineFile },
        { packages: { [`@stack/flavor-${place.flavor}`]: `integrations/${place.flavor}` } },
      )
      // What fauxqs makes of conditions is told at its tests.
      const conditions = name === 'fauxqs' ? ['--conditionalWrites=false'] : []
      await stack('artifact-store', 'register', 'bucket', ...registerFlags(place), ...conditions)
      await stack('orchestrator', 'register', 'apart', '--flavor=local', '--settings.isolation=process')
      await stack('register', 'cloud', '--artifact-store', 'bucket', '--orchestrator', 'apart', '--set')
    })

    afterAll(() => project[Symbol.asyncDispose]())

    async function call(...argv: string[]) {
      return runProgram(join(project.directory, 'node_modules/.bin/stack'), argv, {
        cwd: project.directory,
        env: { ...cleanEnvironment(), ...environmentOf(place) },
      })
    }

    async function stack(...argv: string[]) {
      const { exitCode, stdout, stderr } = await call(...argv, '--json')
      expect(exitCode, stdout + stderr).toBe(0)
      return JSON.parse(stdout).data
    }

    it('arrive as they were given', { timeout: 180_000 }, async () => {
      const run = await stack('run', 'pipelines/large.ts', '--chunks=24')
      expect(run.status).toBe('completed')
      const result = JSON.parse((await call('artifact', 'get', 'large/again/output')).stdout)
      expect(result.hash).toBe((await call('artifact', 'get', 'large/shard/hash')).stdout)
      expect(result.files).toHaveLength(20)
      expect(await readdir(join(result.target, 'parts'))).toHaveLength(21)

      const stream = await stack('artifact', 'describe', 'large/feed/output')
      expect(stream).toMatchObject({ size: 24 * 1024 * 1024, contentHash: `sha256:${result.hash}` })
      const { files } = await stack('artifact', 'get', 'large/shard/shards')
      await stack('artifact', 'get', 'large/shard/shards', '--output=copy')
      for (const { path, contentHash } of files as readonly { path: string; contentHash: string }[]) {
        const bytes = await readFile(join(project.directory, 'copy', path))
        expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(contentHash)
      }
      expect(await readdir(join(project.directory, 'copy/parts/none'))).toEqual([])
    })

    it('leave nothing of a stream that breaks off, no upload in parts either', { timeout: 180_000 }, async () => {
      const { exitCode, stdout } = await call('run', 'pipelines/large.ts', '--chunks=24', '--fails', '--json')
      const run = JSON.parse(stdout).data
      expect([exitCode, run.status]).toEqual([7, 'failed'])
      expect(run.steps[0].error.message).toContain('the feed broke off')
      const { removedUploads } = await stack('artifact-store', 'verify', 'bucket', '--older-than=0')
      expect(removedUploads).toEqual([])
    })
  })
}
