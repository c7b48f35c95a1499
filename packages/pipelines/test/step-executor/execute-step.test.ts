import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from '@stack/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pipeline } from '../../src/definition/pipeline.js'
import { step } from '../../src/definition/step.js'
import { ArtifactDirectory } from '../../src/materializers/artifact-directory.js'
import { planPipeline } from '../../src/plan/plan-pipeline.js'
import { readCommit, writeCommit } from '../../src/run/commit.js'
import { executeStep } from '../../src/step-executor/execute-step.js'
import { makeTestStack, type TestStack } from '../support/test-stack.js'

let stack: TestStack

beforeEach(async () => {
  stack = await makeTestStack()
})

afterEach(() => stack.remove())

async function prepared(run: (input: unknown, context: { signal: AbortSignal; attempt: number }) => unknown) {
  const only = step({ name: 'only', output: z.unknown(), run })
  const { plan, steps } = await planPipeline(pipeline({ name: 'p', run: () => void only() }), {})
  const opened = await stack.open()
  const attempt = (number: number, signal = new AbortController().signal) =>
    executeStep(
      { protocol: 1, run: 'r1', invocation: 'only', attempt: number, token: `t${number}` },
      {
        stack: opened,
        pipeline: 'p',
        invocation: plan.invocations[0] as (typeof plan.invocations)[number],
        steps,
        projectRoot: stack.directory,
        commitOf: () => Promise.reject(new Error('no inputs')),
        signal,
      },
    )
  return { attempt, store: opened.artifactStore }
}

describe('executeStep', () => {
  it('leaves exactly one commit of attempts that race, whose result the others adopt', async () => {
    const { attempt, store } = await prepared((_input, context) => ({ by: context.attempt }))
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => attempt(index + 1)))
    const commit = await readCommit(store, 'r1', 'only')
    expect(commit).not.toBeNull()
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 'completed', commit })
    expect(commit?.outputs.output?.value).toEqual({ by: commit?.attempt })
  })

  it('keeps what a losing attempt wrote out of the result', async () => {
    const big = 'x'.repeat(20_000)
    const { attempt } = await prepared((_input, context) => `${context.attempt}${big}`)
    const [first, second] = await Promise.all([attempt(1), attempt(2)])
    expect(first).toEqual(second)
    const winner = first?.status === 'completed' ? first.commit.attempt : 0
    expect(first?.status === 'completed' && first.commit.outputs.output?.uri).toBe(`runs/r1/only/${winner}/output`)
    expect((await readdir(join(stack.directory, 'artifacts/runs/r1/only'))).sort()).toEqual(['1', '2', 'commit.json'])
  })

  it('recognises its own commit by the token when the answer came too late', async () => {
    const { attempt, store } = await prepared(() => 1)
    const outcome = await attempt(1)
    if (outcome.status !== 'completed') throw new Error('the step failed')
    expect(await writeCommit(store, outcome.commit)).toEqual({ commit: outcome.commit, adopted: false })
    const other = { ...outcome.commit, token: 'other', attempt: 2 }
    expect(await writeCommit(store, other)).toEqual({ commit: outcome.commit, adopted: true })
  })

  it('commits nothing once it was aborted', async () => {
    const abort = new AbortController()
    const { attempt, store } = await prepared(() => {
      abort.abort()
      return 1
    })
    expect(await attempt(1, abort.signal)).toEqual({ status: 'cancelled' })
    expect(await readCommit(store, 'r1', 'only')).toBeNull()
  })

  it('commits nothing of a stream that is aborted half-way', async () => {
    const abort = new AbortController()
    const { attempt, store } = await prepared(
      () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(100_000)),
          pull: () => {
            abort.abort(new Error('cancelled'))
            return new Promise(() => {})
          },
        }),
    )
    expect(await attempt(1, abort.signal)).toEqual({ status: 'cancelled' })
    expect(await readCommit(store, 'r1', 'only')).toBeNull()
    expect(await stack.files()).toEqual([])
  })

  it('fails with what a stream failed with', async () => {
    const { attempt, store } = await prepared(
      () => new ReadableStream({ pull: (controller) => controller.error(new RangeError('the feed broke off')) }),
    )
    expect(await attempt(1)).toMatchObject({
      status: 'failed',
      error: {
        code: 'step-failed',
        message: expect.stringMatching(/the feed broke off \(.*execute-step\.test\.ts:/),
      },
    })
    expect(await readCommit(store, 'r1', 'only')).toBeNull()
    expect(await stack.files()).toEqual(['runs/r1/only/1/error.json'])
  })

  it('commits nothing of a directory that cannot be kept', async () => {
    await symlink('nowhere', join(stack.directory, 'link'))
    const { attempt, store } = await prepared(() => new ArtifactDirectory(stack.directory))
    expect(await attempt(1)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid-output', message: expect.stringContaining('link: is a symbolic link') },
    })
    expect(await readCommit(store, 'r1', 'only')).toBeNull()
  })

  it('refuses to read a commit of another protocol', async () => {
    const { store } = await prepared(() => 1)
    await store.write('runs/r1/only/commit.json', JSON.stringify({ protocol: 2 }))
    await expect(readCommit(store, 'r1', 'only')).rejects.toThrow('newer version')
  })
})
