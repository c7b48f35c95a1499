import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyProject, type ProjectCopy } from './project-copy.js'

interface Run {
  readonly id: string
  readonly status: string
  readonly steps: readonly {
    readonly name: string
    readonly status: string
    readonly outputs: Readonly<Record<string, string>>
  }[]
}

interface Artifact {
  readonly name: string
  readonly version: number
  readonly mediaType: string
  readonly contentHash: string
}

let project: ProjectCopy

beforeAll(async () => {
  project = await copyProject()
  await project.stack('init')
})
afterAll(() => project[Symbol.asyncDispose]())

describe('the pipeline on the default stack', { timeout: 120_000 }, () => {
  it('gives the same artifacts with every step in the process and with every step in its own', async () => {
    const together = await train()
    const apart = await train('--settings.orchestrator.isolation=process')
    expect(together.map(({ name }) => name)).toEqual([
      'train/load-penguins/output',
      'train/clean-penguins/output',
      'train/split-penguins/test',
      'train/split-penguins/training',
      'train/train-forest/output',
      'train/evaluate-forest/output',
      'train/write-report/output',
    ])
    expect(hashes(apart)).toEqual(hashes(together))
    expect(apart.map(({ version }) => version)).toEqual(together.map(({ version }) => version + 1))
  })

  it('gives another forest for another seed', async () => {
    const [one, other] = [await train(), await train('--seed=7')]
    const forest = 'train/train-forest/output'
    expect(hashes(other)[forest]).not.toBe(hashes(one)[forest])
    expect(hashes(other)['train/clean-penguins/output']).toBe(hashes(one)['train/clean-penguins/output'])
  })

  it('keeps the report as a page, byte for byte what a browser shows', async () => {
    const report = (await train()).find(({ name }) => name === 'train/write-report/output')
    expect(report?.mediaType).toMatch(/^text\/html/)
    const page = await project.node(
      'node_modules/@stack/cli/dist/stack.cjs',
      'artifact',
      'get',
      'train/write-report/output',
    )
    expect(page).toMatch(/^<!doctype html>\n/)
  })

  it('refuses a misspelt parameter with a suggestion', async () => {
    await expect(project.stack('run', 'pipeline.ts#train', '--tres=5')).rejects.toThrow(/trees/)
  })
})

/** Runs the pipeline and describes every artifact, in the order of the steps and of their outputs' names. */
async function train(...flags: readonly string[]): Promise<readonly Artifact[]> {
  const run = await project.stack<Run>('run', 'pipeline.ts#train', ...flags)
  expect(run.steps.map(({ name, status }) => `${name} ${status}`)).toEqual(
    run.steps.map(({ name }) => `${name} completed`),
  )
  const ids = run.steps.flatMap(({ outputs }) =>
    Object.keys(outputs)
      .sort()
      .map((output) => outputs[output] ?? ''),
  )
  return Promise.all(ids.map((id) => project.stack<Artifact>('artifact', 'describe', id)))
}

function hashes(artifacts: readonly Artifact[]): Readonly<Record<string, string>> {
  return Object.fromEntries(artifacts.map(({ name, contentHash }) => [name, contentHash]))
}
