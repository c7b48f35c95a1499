/** The tarballs of a release, installed outside the repository by each package manager, run a pipeline. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packPackages } from '../../scripts/pack-packages.mjs'
import { cleanEnvironment } from '../clean-environment.js'
import { mustRun } from '../run-program.js'
import { type ConsumerOptions, installConsumer } from './consumer.js'
import { packagesWithInstallScripts } from './install-scripts.js'
import { type LoopbackRegistry, startLoopbackRegistry } from './loopback-registry.js'

const pipelineFile = `
import { pipeline, step } from '@stack/pipelines'
import { z } from 'zod'

const numbers = step({
  name: 'numbers',
  input: z.object({ count: z.number() }),
  output: z.array(z.number()),
  run: ({ count }: { count: number }): number[] => Array.from({ length: count }, (_, index) => index + 1),
})

const total = step({
  name: 'total',
  input: z.object({ numbers: z.array(z.number()) }),
  output: z.number(),
  run: ({ numbers }: { numbers: number[] }): number => numbers.reduce((sum, number) => sum + number, 0),
})

export const sum = pipeline({
  name: 'sum',
  params: z.object({ count: z.number() }),
  run: ({ count }) => total({ numbers: numbers({ count }) }),
})
`

const consumers: readonly Omit<ConsumerOptions, 'registries' | 'files'>[] = [
  { packageManager: 'npm', moduleType: 'module', zod: '4.6.7', flavors: [] },
  { packageManager: 'pnpm', moduleType: 'module', zod: '4.6.7', flavors: ['@stack/flavor-s3', '@stack/flavor-gcs'] },
  { packageManager: 'yarn', moduleType: 'module', zod: '4.6.7', flavors: [] },
  { packageManager: 'npm', moduleType: 'commonjs', zod: '4.6.7', flavors: [] },
  { packageManager: 'npm', moduleType: 'module', zod: '3.25.76', flavors: ['@stack/flavor-s3'] },
  { packageManager: 'yarn', moduleType: 'commonjs', zod: '3.25.76', flavors: [] },
]

/** Flavors that some consumers install, and a place as each writes it. */
const clouds = [
  { name: 's3', package: '@stack/flavor-s3', path: 's3://bucket/prefix' },
  { name: 'gcs', package: '@stack/flavor-gcs', path: 'gs://bucket/prefix' },
] as const

let tarballs: string
let registry: LoopbackRegistry
let others: string

beforeAll(async () => {
  tarballs = await mkdtemp(join(tmpdir(), 'stack-tarballs-'))
  registry = await startLoopbackRegistry(await packPackages(tarballs))
  const said = await mustRun('npm', ['config', 'get', 'registry'], { cwd: tmpdir(), env: cleanEnvironment() })
  others = said.trim()
}, 120_000)

afterAll(async () => {
  await registry?.close()
  await rm(tarballs, { recursive: true, force: true })
})

describe.concurrent('packed packages outside the repository', () => {
  for (const options of consumers) {
    const { packageManager, moduleType, zod } = options
    it(`run a pipeline: ${packageManager}, ${moduleType}, zod ${zod}`, { timeout: 240_000 }, async () => {
      await using consumer = await installConsumer({
        ...options,
        registries: { stack: registry.url, others },
        files: { 'pipelines/sum.ts': pipelineFile },
      })
      const { stack } = consumer
      if (options.flavors.length === 0) {
        expect(await packagesWithInstallScripts(join(consumer.directory, 'node_modules'))).toEqual([])
      }

      await stack('init')
      expect(await stack('flavor', 'list')).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ type: 'artifact-store', name: 'local', origin: 'builtin', status: 'ok' }),
          expect.objectContaining({ type: 'orchestrator', name: 'local', origin: 'builtin', status: 'ok' }),
        ]),
      )
      for (const { name, package: from, path } of clouds.filter((each) => options.flavors.includes(each.package))) {
        expect(await stack('artifact-store', 'flavor', 'list')).toContainEqual(
          expect.objectContaining({ name, package: from, origin: 'project', status: 'ok' }),
        )
        expect(
          await stack('artifact-store', 'register', `${name}-bucket`, `--flavor=${name}`, `--path=${path}`),
        ).toMatchObject({ flavor: name, package: from, version: '0.1.0', status: 'ok' })
      }
      expect(await stack('artifact-store', 'register', 'shelf', '--flavor=local', '--path=shelf')).toMatchObject({
        name: 'shelf',
        flavor: 'local',
        package: '@stack/flavor-local',
        status: 'ok',
      })
      expect(
        await stack('register', 'prod', '--artifact-store', 'shelf', '--orchestrator', 'default', '--set'),
      ).toMatchObject({ name: 'prod', active: true, status: 'ok' })

      const run = (await stack('run', 'pipelines/sum.ts#sum', '--count', '4')) as {
        status: string
        stack: string
        steps: { name: string; status: string; outputs: Record<string, string> }[]
      }
      expect(run).toMatchObject({ status: 'completed', stack: 'prod' })
      expect(run.steps.map(({ name, status }) => [name, status])).toEqual([
        ['numbers', 'completed'],
        ['total', 'completed'],
      ])
      const artifact = run.steps[1]?.outputs.output ?? ''
      expect(await stack('artifact', 'describe', artifact)).toMatchObject({ name: expect.any(String), version: 1 })
      expect(
        await mustRun(join(consumer.directory, 'node_modules/.bin/stack'), ['artifact', 'get', artifact], {
          cwd: consumer.directory,
          env: cleanEnvironment(),
        }),
      ).toBe('10')
    })
  }
})
