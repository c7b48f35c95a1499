/** Errors, commits and logs that something other than Stack wrote, with every step in a process of its own. */
import { beforeAll, describe, expect, it } from 'vitest'
import { linkPackages, makeDirectory, stack } from '../program.js'

const pipelines = `import { pipeline, step } from '@stack/pipelines'

const plant = (name, path, text) =>
  step({
    name,
    run: async (_, { run, artifactStore }) => {
      const content = typeof text === 'function' ? text(run) : text
      await artifactStore.write('runs/' + run + '/' + name + '/' + path, content)
      if (path.endsWith('error.json')) process.exit(7)
      return 'well'
    },
  })

const line = (message) => JSON.stringify({ at: '2026-11-25T00:00:00.000Z', level: 'warn', message, step: 'forged' })

const steps = [
  plant('array', '1/error.json', '[1]'),
  plant('broken', '1/error.json', '{"code":"step-failed"'),
  plant('wordless', '1/error.json', '{"code":"step-failed","message":{"toString":1}}'),
  plant('large', '1/error.json', JSON.stringify({ code: 'step-failed', message: 'x'.repeat(2 * 1024 * 1024) })),
  plant('overtaken', 'commit.json', '{"protocol":1}'),
  plant('newer', 'commit.json', '{"protocol":2}'),
  plant('talks', '1/log/000001.ndjson', [line('hot'), '{"at":1}', '\\u001b[2J', 'y'.repeat(2 * 1024 * 1024), line('cold')].join('\\n')),
]

export const planted = pipeline({ name: 'planted', run: () => steps.forEach((planted) => planted()) })
`

interface Step {
  readonly name: string
  readonly status: string
  readonly error?: { readonly code: string; readonly message: string }
}

let root: string
let id: string
let steps: readonly Step[]

beforeAll(async () => {
  root = makeDirectory({ 'package.json': '{ "name": "project", "type": "module" }', 'pipelines/planted.ts': pipelines })
  linkPackages(root)
  const flags = ['--settings.orchestrator.isolation=process', '--json']
  const ran = await stack(root, ['run', 'pipelines/planted.ts', ...flags])
  expect(ran.exitCode, ran.stderr).toBe(7)
  const data = ran.json().data as unknown as { readonly id: string; readonly steps: readonly Step[] }
  id = data.id
  steps = data.steps
})

describe('a step whose process left', () => {
  it.each([
    ['array', 'failed, and why cannot be read. The error at runs/ID/array/1/error.json is damaged: '],
    ['broken', 'failed, and why cannot be read. The error at runs/ID/broken/1/error.json is damaged: it is not JSON.'],
    ['wordless', 'failed, and why cannot be read. The error at runs/ID/wordless/1/error.json is damaged: message: '],
    ['large', 'failed, and why cannot be read. The error at runs/ID/large/1/error.json is damaged: it is larger than'],
    ['overtaken', 'failed: The commit at runs/ID/overtaken/commit.json is damaged: '],
    ['newer', 'failed: The commit at runs/ID/newer/commit.json was written by a newer version of Stack.'],
  ])('a damaged object fails with its key: %s', (name, why) => {
    const step = steps.find((step) => step.name === name)
    expect(step).toMatchObject({ status: 'failed', error: { code: 'step-failed' } })
    expect(step?.error?.message).toContain(`The step "${name}" ${why.replace('ID', id)}`)
  })

  it('a strange log completes, and its lines are shown by runs logs', async () => {
    expect(steps.find(({ name }) => name === 'talks')?.status).toBe('completed')
    const { exitCode, json } = await stack(root, ['runs', 'logs', id, 'talks', '--json'])
    expect([exitCode, json().data]).toEqual([
      0,
      [
        { step: 'talks', attempt: 1, at: '2026-11-25T00:00:00.000Z', level: 'warn', message: 'hot' },
        { step: 'talks', attempt: 1, at: '', level: 'info', message: '{"at":1}' },
        { step: 'talks', attempt: 1, at: '', level: 'info', message: '\u001b[2J' },
        {
          step: 'talks',
          attempt: 1,
          at: '',
          level: 'info',
          message: `${'y'.repeat(1000)}… (longer than 1048576 bytes)`,
        },
        { step: 'talks', attempt: 1, at: '2026-11-25T00:00:00.000Z', level: 'warn', message: 'cold' },
      ],
    ])
    expect((await stack(root, ['runs', 'logs', id, 'talks'])).stdout).not.toContain('\u001b')
  })
})
