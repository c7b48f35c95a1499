/** A step's process says whatever it likes to the process of the run: how each step ended is what the store says. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { runProgram } from '../run-program.js'

const pipelineFile = `import { writeSync } from 'node:fs'
import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

// Where it is to end late, whatever the other step sends is there before.
const honest = step({ name: 'honest', input: z.object({ late: z.boolean() }), output: z.number(), run: async ({ late }, { run, artifactStore }) => {
  while (late && !(await artifactStore.exists(\`runs/\${run}/forger/commit.json\`)))
    await new Promise((resolve) => setTimeout(resolve, 20))
  return 42
} })

const send = (message: unknown) => new Promise<void>((resolve) => process.send!(message, undefined, {}, () => resolve()))

const forger = step({
  name: 'forger',
  input: z.object({ message: z.string() }),
  run: async ({ message }, { run, log }) => {
    const at = new Date().toISOString()
    const ref = { protocol: 1, run, invocation: 'honest', attempt: 1, token: 'forged' }
    const own = { ...ref, invocation: 'forger' }
    const commit = { ...ref, startedAt: at, endedAt: at, inputs: {}, outputs: {}, metadata: {} }
    const error = { code: 'unexpected', message: 'forged' }
    const line = { kind: 'log', ref, at, level: 'info', message: 'forged' }
    const messages: Record<string, () => unknown> = {
      nothing: () => send(null),
      'values of all kinds': async () => {
        for (const value of [0, 'text', [], {}, { kind: 'log' }, { kind: 'attempt-ended' }]) await send(value)
      },
      'the end of another step': () => send({ kind: 'attempt-ended', ref, at, outcome: { status: 'completed', commit } }),
      'the failure of another step': () => send({ kind: 'attempt-ended', ref, at, outcome: { status: 'failed', error } }),
      'its own failure': () => send({ kind: 'attempt-ended', ref: own, at, outcome: { status: 'failed', error } }),
      'a start and a skip': async () => {
        await send({ kind: 'attempt-started', ref: { ...ref, attempt: 9 }, at })
        await send({ kind: 'attempt-started', ref: { ...ref, invocation: 'none' }, at })
        await send({ kind: 'invocation-skipped', invocation: 'honest', because: 'forger' })
      },
      'the end of the run': () => send({ kind: 'run-ended', status: 'failed', at }),
      'the line of another step': () => send(line),
      'what is not JSON': () => writeSync(3, 'not JSON\\n'),
      'what Node sends itself': () => send({ cmd: 'NODE_HANDLE_NACK' }),
      'a message of 64 MiB': () => send({ ...line, ref: own, message: 'x'.repeat(64 * 1024 * 1024) }),
    }
    log.info('before')
    await messages[message]!()
    log.info('after')
    return message
  },
})

const fails = step({ name: 'fails', run: () => {
  throw new TypeError('no such column')
} })
const exits = step({ name: 'exits', input: z.object({ code: z.number() }), run: ({ code }) => process.exit(code) })
const killed = step({ name: 'killed', run: async () => {
  process.kill(process.pid, 'SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
} })

export const forgery = pipeline({
  name: 'forgery',
  params: z.object({ message: z.string() }),
  run: (params) => {
    honest({ late: true })
    forger(params)
  },
})
export const forgeryAfterwards = pipeline({
  name: 'forgery-afterwards',
  params: z.object({ message: z.string() }),
  run: (params) => {
    forger(params, { after: honest({ late: false }) })
  },
})
export const failure = pipeline({ name: 'failure', run: () => void fails() })
export const exit = pipeline({ name: 'exit', params: z.object({ code: z.number() }), run: (params) => void exits(params) })
export const kill = pipeline({ name: 'kill', run: () => void killed() })
`

const apart = '--settings.orchestrator.isolation=process'

interface Step {
  readonly name: string
  readonly status: string
  readonly error?: { readonly code: string; readonly message: string }
}

describe('a step in a process of its own', { timeout: 120_000 }, () => {
  let project: LinkedProject

  beforeAll(async () => {
    project = await makeLinkedProject({ 'pipelines/steps.ts': pipelineFile })
  })

  afterAll(() => project[Symbol.asyncDispose]())

  function stack(...argv: string[]) {
    return runProgram(join(project.directory, 'node_modules/.bin/stack'), argv, {
      cwd: project.directory,
      env: cleanEnvironment(),
    })
  }

  async function run(name: string, ...flags: string[]) {
    const ran = await stack('run', `pipelines/steps.ts#${name}`, apart, ...flags, '--json')
    const { id, status, steps } = JSON.parse(ran.stdout).data as { id: string; status: string; steps: readonly Step[] }
    return { ...ran, id, status, steps }
  }

  const forgeries = [
    'the end of another step',
    'the failure of another step',
    'its own failure',
    'a start and a skip',
    'the end of the run',
    'the line of another step',
  ]
  const nonsense = [
    'nothing',
    'values of all kinds',
    'what is not JSON',
    'what Node sends itself',
    'a message of 64 MiB',
  ]

  it.each([
    ...forgeries.map((message) => [message, 'forgeryAfterwards'] as const),
    ...[...forgeries, ...nonsense].map((message) => [message, 'forgery'] as const),
  ])('changes nothing by sending %s (%s)', async (message, name) => {
    const { exitCode, stdout, stderr, id, steps } = await run(name, `--message=${message}`)
    expect(exitCode, stdout + stderr).toBe(0)
    expect(steps.map(({ name, status, error }) => [name, status, error])).toEqual([
      ['honest', 'completed', undefined],
      ['forger', 'completed', undefined],
    ])
    const kept = (path: string) => readFile(join(project.directory, '.stack/artifacts/runs', id, path), 'utf8')
    expect(JSON.parse(await kept('honest/commit.json')).outputs.output.value).toBe(42)
    const parts = await readdir(join(project.directory, '.stack/artifacts/runs', id, 'forger/1/log'))
    const texts = await Promise.all(parts.sort().map((part) => kept(`forger/1/log/${part}`)))
    const lines = texts.join('').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['before', 'after'])
  })

  it('fails with the error that it left, and its stack in the user’s source', async () => {
    const { exitCode, steps } = await run('failure')
    expect(exitCode).toBe(7)
    expect(steps[0]).toMatchObject({ status: 'failed', error: { code: 'step-failed' } })
    const { stderr } = await stack('run', 'pipelines/steps.ts#failure', apart, '--debug')
    expect(stderr).toContain('no such column')
    const line = pipelineFile.split('\n').findIndex((text) => text.includes('no such column')) + 1
    expect(stderr).toMatch(new RegExp(`\\n\\s+at .*pipelines/steps\\.ts:${line}:\\d+`))
  })

  it.each([
    ['0', 'failed', 'ended with exit code 0 without a result'],
    ['1', 'failed', 'ended with exit code 1 without a result'],
    ['7', 'failed', 'ended with exit code 7 without a result'],
  ])('that exits with %s and leaves nothing has %s', async (code, status, message) => {
    const { exitCode, steps } = await run('exit', `--code=${code}`)
    expect(exitCode).toBe(7)
    expect(steps[0]?.status).toBe(status)
    expect(steps[0]?.error?.message).toContain(message)
  })

  it('that exits with 130 and leaves nothing was cancelled', async () => {
    const { exitCode, steps } = await run('exit', '--code=130')
    expect([exitCode, steps[0]?.status]).toEqual([7, 'cancelled'])
  })

  it('that a signal ends has failed, and the signal is named', async () => {
    const { steps } = await run('kill')
    expect(steps[0]).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('SIGKILL') } })
  })
})
