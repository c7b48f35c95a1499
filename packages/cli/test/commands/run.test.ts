import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linkPackages, makeDirectory, stack, startStack } from '../program.js'

const pipelines = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

const load = step({
  name: 'load',
  input: z.object({ csv: z.string(), rows: z.number() }),
  output: z.object({ csv: z.string(), rows: z.number() }),
  run(input, context) {
    context.log.info('loading')
    return input
  },
})
const double = step({
  name: 'double',
  input: z.object({ data: z.object({ rows: z.number() }) }),
  output: z.number(),
  run: ({ data }) => data.rows * 2,
})
const explode = step({
  name: 'explode',
  input: z.object({ data: z.unknown() }),
  output: z.number(),
  run(): number {
    throw new Error('no such column')
  },
})
const after = step({ name: 'after', input: z.object({ value: z.number() }), output: z.number(), run: ({ value }) => value })
const wait = step({
  name: 'wait',
  output: z.number(),
  run: (_input, context) =>
    new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => resolve(1), 60_000)
      context.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(context.signal.reason)
      })
    }),
})
const params = z.object({ csv: z.string(), rows: z.number().default(2) })

export const train = pipeline({
  name: 'train',
  params,
  run({ csv, rows }) {
    double({ data: load({ csv, rows }) })
  },
})
export const fails = pipeline({
  name: 'fails',
  params,
  run({ csv, rows }) {
    after({ value: explode({ data: load({ csv, rows }) }) })
  },
})
export const waits = pipeline({
  name: 'waits',
  run() {
    wait({})
  },
})
const deafStep = step({
  name: 'deaf',
  output: z.number(),
  run: () => new Promise<number>((resolve) => setTimeout(() => resolve(1), 60_000)),
})
export const deaf = pipeline({
  name: 'deaf',
  run() {
    deafStep({})
  },
})
export const number = 1
`

function project(): string {
  const root = makeDirectory({
    'package.json': '{ "name": "project", "type": "module" }',
    'pipelines/train.ts': pipelines,
    'pipelines/torn.ts': 'export const x = (',
  })
  linkPackages(root)
  return root
}

interface Run {
  readonly id: string
  readonly status: string
  readonly steps: readonly {
    readonly name: string
    readonly status: string
    readonly outputs: Record<string, string>
  }[]
}

describe('stack run', () => {
  it('runs a pipeline with its parameters as flags, and keeps run, logs and artifacts', async () => {
    const root = project()
    const ran = await stack(root, ['run', 'pipelines/train.ts#train', '--csv', 'data.csv', '--param.rows=21', '--json'])
    expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0)
    const run = ran.json().data as unknown as Run
    expect(run).toMatchObject({ pipeline: 'train', stack: 'default', status: 'completed' })
    expect(run.steps.map(({ name, status }) => [name, status])).toEqual([
      ['load', 'completed'],
      ['double', 'completed'],
    ])
    const described = await stack(root, ['runs', 'describe', 'latest', '--json'])
    expect(described.json().data).toMatchObject({ id: run.id, status: 'completed' })
    expect((await stack(root, ['runs', 'list', '-q'])).stdout).toBe(`${run.id}\n`)
    expect((await stack(root, ['runs', 'logs', run.id])).stdout).toContain('loading')
    const id = run.steps[1]?.outputs.output ?? ''
    expect((await stack(root, ['artifact', 'get', id])).stdout).toBe('42')
    const artifact = await stack(root, ['artifact', 'describe', id, '--json'])
    expect(artifact.json().data).toMatchObject({ id, version: 1, size: 2, producedBy: { run: run.id, step: 'double' } })
    expect((await stack(root, ['artifact', 'list', '--run', run.id, '--json'])).json().data).toHaveLength(2)
  })

  it('tells progress on stderr in plain lines and the result on stdout in a pipe', async () => {
    const { stdout, stderr } = await stack(project(), ['run', 'pipelines/train.ts#train', '--csv=data.csv'])
    expect(stderr).toMatch(/load completed/)
    expect(stdout).toMatch(/^status\tcompleted$/m)
  })

  it('shows the plan with --dry-run and runs nothing', async () => {
    const root = project()
    const { exitCode, json } = await stack(root, ['run', 'pipelines/train.ts#train', '--csv=x', '--dry-run', '--json'])
    expect(exitCode).toBe(0)
    expect(json().data).toMatchObject({
      pipeline: 'train',
      invocations: [{ name: 'load' }, { name: 'double', after: ['load'] }],
    })
    expect(existsSync(join(root, '.stack'))).toBe(false)
  })

  it('shows the parameters in its help', async () => {
    const { stdout } = await stack(project(), ['run', 'pipelines/train.ts#train', '--help'])
    expect(stdout).toMatch(/--csv <string>.*required/)
    expect(stdout).toMatch(/--rows <number>.*default 2/)
    expect(stdout).toContain('--settings.orchestrator.')
  })

  it('ends with 7 where a step failed, and says which, why and where', async () => {
    const root = project()
    const { exitCode, stderr } = await stack(root, ['run', 'pipelines/train.ts#fails', '--csv=x'])
    expect(exitCode).toBe(7)
    expect(stderr).toMatch(/explode.*no such column.*pipelines\/train\.ts:24:\d+/)
    const debug = await stack(root, ['run', 'pipelines/train.ts#fails', '--csv=x', '--debug'])
    expect(debug.stderr).toMatch(/\n\s+at .*pipelines\/train\.ts:24:\d+/)
    const { json, exitCode: again } = await stack(root, ['run', 'pipelines/train.ts#fails', '--csv=x', '--json'])
    expect(again).toBe(7)
    const run = json().data as unknown as Run
    expect(run.steps.map(({ status }) => status)).toEqual(['completed', 'failed', 'skipped'])
  })

  it('refuses parameters that are missing, wrong or unknown', async () => {
    const root = project()
    const given = async (...flags: string[]) => {
      const { exitCode, json } = await stack(root, ['run', 'pipelines/train.ts#train', ...flags, '--json'])
      return [exitCode, json().error?.code]
    }
    expect(await given()).toEqual([2, 'invalid-params'])
    expect(await given('--csv=x', '--rows=many')).toEqual([2, 'invalid-params'])
    expect(await given('--csv=x', '--row=1')).toEqual([2, 'usage'])
    expect(await given('--csv=x', '--settings.orchestrator.cncurrency=1')).toEqual([2, 'usage'])
    expect(await given('--csv=x', '--settings.orchestratr.concurrency=1')).toEqual([2, 'usage'])
  })

  it('takes settings of the stack, by type, flavor or component', async () => {
    const root = project()
    for (const key of ['orchestrator', 'orchestrator.local', 'orchestrator:default']) {
      const argv = ['run', 'pipelines/train.ts#train', '--csv=x', `--settings.${key}.concurrency=1`, '--json']
      const { exitCode, stdout } = await stack(root, argv)
      expect(exitCode, stdout).toBe(0)
    }
  })

  it('refuses a file, an export or a stack that is not there, and source that does not compile', async () => {
    const root = project()
    const given = async (...argv: string[]) => {
      const { exitCode, json } = await stack(root, ['run', ...argv, '--json'])
      return [exitCode, json().error?.code]
    }
    expect(await given('pipelines/none.ts')).toEqual([3, 'not-found'])
    expect(await given('pipelines/train.ts#trian', '--csv=x')).toEqual([3, 'not-found'])
    expect(await given('pipelines/train.ts#number')).toEqual([2, 'invalid-pipeline'])
    expect(await given('pipelines/torn.ts#x')).toEqual([2, 'source-error'])
    expect(await given('pipelines/train.ts#train', '--csv=x', '--stack=none')).toEqual([3, 'not-found'])
    expect(await given()).toEqual([2, 'usage'])
  })

  it('is cancelled by Ctrl-C, recorded so, and ends with 130', async () => {
    const root = project()
    const { child, finished, stderr } = startStack(root, ['run', 'pipelines/train.ts#waits'])
    while (!stderr().includes('wait running')) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    expect((await finished).exitCode).toBe(130)
    const { json } = await stack(root, ['runs', 'describe', 'latest', '--json'])
    expect(json().data).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }] })
  })
})

describe('a second Ctrl-C', () => {
  it('ends a run whose step does not listen at once', async () => {
    const root = project()
    const { child, finished, stderr } = startStack(root, ['run', 'pipelines/train.ts#deaf'])
    while (!stderr().includes('deaf running')) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    while (!stderr().includes('press Ctrl-C again')) await new Promise((resolve) => setTimeout(resolve, 20))
    const start = performance.now()
    child.kill('SIGINT')
    expect((await finished).exitCode).toBe(130)
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

describe('stack runs and artifact', () => {
  it('say what they do not find', async () => {
    const root = project()
    for (const argv of [
      ['runs', 'describe', 'none'],
      ['runs', 'logs', 'none'],
      ['artifact', 'describe', 'none'],
      ['artifact', 'get', 'none'],
    ]) {
      const { exitCode, json } = await stack(root, [...argv, '--json'])
      expect([exitCode, json().error?.code]).toEqual([3, 'not-found'])
    }
    expect((await stack(root, ['runs', 'list', '--limit=none', '--json'])).exitCode).toBe(2)
  })
})

describe('what a step prints', () => {
  it('goes to stderr, so that stdout is data alone', async () => {
    const root = makeDirectory({
      'noisy.ts': `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

console.log('loaded')
const speak = step({
  name: 'speak',
  output: z.number(),
  run() {
    console.log('hello')
    process.stdout.write('raw\\n')
    return 1
  },
})
export const noisy = pipeline({ name: 'noisy', run: () => void speak() })
`,
    })
    linkPackages(root)
    const ran = await stack(root, ['run', 'noisy.ts', '--json'])
    expect(ran.exitCode).toBe(0)
    expect(ran.json().data).toMatchObject({ pipeline: 'noisy', status: 'completed' })
    expect(ran.stderr).toMatch(/loaded[\s\S]*hello\nraw\n/)
  })
})
