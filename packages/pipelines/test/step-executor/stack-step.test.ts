import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Commit, CommittedOutput, RunEvent } from '@stack/core'
import type { RunResult } from '@stack/pipelines/host'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stepRequest } from '../support/step-request.js'

const program = fileURLToPath(new URL('../fixtures/processes/run.mjs', import.meta.url))
const stackStep = fileURLToPath(new URL('../../dist/step-executor/stack-step.js', import.meta.url))
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let directory: string
let store: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-step-'))
  store = join(directory, 'artifacts')
})

afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))

interface Options {
  readonly name: string
  readonly params?: Record<string, unknown>
  readonly settings?: Record<string, unknown>
  readonly runId?: string
}

function start({ name, params = {}, settings = { isolation: 'process' }, runId = 'r1' }: Options): ChildProcess {
  const request = JSON.stringify({ name, params, store, settings, runId })
  return spawn(process.execPath, [program, request], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(options: Options): Promise<{ result: RunResult; logs: readonly RunEvent[]; stderr: string }> {
  const child = start(options)
  const [stdout, stderr] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
  ])
  if (stdout === '') throw new Error(stderr)
  return { ...JSON.parse(stdout), stderr }
}

async function commits(runId: string): Promise<Map<string, Commit>> {
  const found = new Map<string, Commit>()
  for (const entry of await readdir(join(store, 'runs', runId), { withFileTypes: true }).catch(() => [])) {
    const file = join(store, 'runs', runId, entry.name, 'commit.json')
    if (entry.isDirectory() && existsSync(file)) found.set(entry.name, JSON.parse(await readFile(file, 'utf8')))
  }
  return found
}

const hashes = (found: Map<string, Commit>) =>
  [...found].map(([name, { outputs }]) => [
    name,
    Object.fromEntries(Object.entries(outputs).map(([output, { contentHash }]) => [output, contentHash])),
  ])

async function bytesOf(output: CommittedOutput): Promise<Uint8Array> {
  if (output.uri.includes('#')) return Buffer.from(JSON.stringify(output.value))
  return readFile(join(store, output.uri))
}

const lives = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until whoever reaps the orphans of this machine has done so; seconds at most. */
async function untilGone(pids: readonly number[]): Promise<void> {
  for (let waited = 0; waited < 5000 && pids.some(lives); waited += 50) await sleep(50)
}

async function pidsIn(file: string): Promise<number[]> {
  for (;;) {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as number[]
    } catch {
      await sleep(20)
    }
  }
}

describe('stack-step', () => {
  it('makes the same artifacts, by content hash, as steps in the process of the run', async () => {
    const inline = await run({ name: 'values', settings: { isolation: 'none' }, runId: 'inline' })
    const apart = await run({ name: 'values', runId: 'apart' })
    expect([inline.result.status, apart.result.status]).toEqual(['completed', 'completed'])
    const found = await commits('apart')
    expect(hashes(found)).toEqual(hashes(await commits('inline')))
    expect(found.size).toBe(4)
    expect(found.get('rows')?.metadata).toEqual({ count: 2000 })
  })

  it('hands streams and directories from one process to the next', async () => {
    const inline = await run({ name: 'large', settings: { isolation: 'none' }, runId: 'inline' })
    const apart = await run({ name: 'large', runId: 'apart' })
    expect([inline.result.status, apart.result.status]).toEqual(['completed', 'completed'])
    const found = await commits('apart')
    expect(hashes(found)).toEqual(hashes(await commits('inline')))
    expect(found.get('measure')?.outputs.output?.value).toEqual({
      bytes: 538_890,
      sizes: [
        ['parts/0.txt', 0],
        ['parts/1.txt', 100_000],
        ['parts/2.txt', 200_000],
      ],
    })
  })

  it('passes log lines on as they are written, and keeps them in the store', async () => {
    const { logs } = await run({ name: 'values' })
    expect(logs).toMatchObject([{ ref: { invocation: 'rows' }, message: 'making rows', fields: { count: 2000 } }])
    expect(await readFile(join(store, 'runs/r1/rows/1/log/000001.ndjson'), 'utf8')).toContain('making rows')
  })

  it('says which step failed, why, and where in the user’s TypeScript', async () => {
    for (const isolation of ['none', 'process']) {
      const { result } = await run({ name: 'throwing', settings: { isolation }, runId: isolation })
      expect(result.status).toBe('failed')
      const { error } = result.steps[0] ?? {}
      expect(error?.message).toMatch(/^The step "throws" failed: no such column \(.*pipelines\.ts:49:\d+\)$/)
      expect(error?.details?.location).toMatchObject({ file: 'pipelines.ts', line: 49 })
    }
  })

  it('fails the step whose process ends without a result', async () => {
    const { result } = await run({ name: 'dying' })
    expect(result.steps[0]?.error).toMatchObject({ code: 'step-failed' })
    expect(result.steps[0]?.error?.message).toContain('its process ended with exit code 3 without a result')
    expect(await readFile(join(store, 'runs/r1/dies/1/log/000001.ndjson'), 'utf8')).toContain('last words')
  })

  it('keeps its log itself, and sends it where somebody listens, when its launcher does not take it', async () => {
    await run({ name: 'values', settings: { isolation: 'none' } })
    const local = { name: 'default', flavor: 'local', package: '@stack/flavor-local', version: null, source: null }
    const projectRoot = dirname(program)
    const ref = { protocol: 1, run: 'r1', invocation: 'rows', attempt: 2, token: 'second' }
    const request = {
      ...{ protocol: 1, ref, projectRoot },
      code: { kind: 'path', root: projectRoot, file: 'pipelines.ts', export: 'values' },
      stack: {
        name: 'test',
        components: [
          { ...local, id: 'o', type: 'orchestrator', config: {}, settings: {} },
          { ...local, id: 'a', type: 'artifact-store', config: { path: store, durable: false }, settings: {} },
        ],
      },
    }
    const messages: unknown[] = []
    const child = spawn(process.execPath, [stackStep], { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] })
    child.on('message', (message) => messages.push(message))
    child.stdin?.end(JSON.stringify(request))
    await once(child, 'close')
    expect(child.exitCode).toBe(0)
    expect(messages).toMatchObject([{ kind: 'log', ref, message: 'making rows', fields: { count: 2000 } }])
    expect(await readFile(join(store, 'runs/r1/rows/2/log/000001.ndjson'), 'utf8')).toContain('making rows')
  })

  it('is killed with all its children when it does not end by itself after a cancellation', async () => {
    const file = join(directory, 'pids')
    const child = start({ name: 'blocking', params: { file }, settings: { isolation: 'process', graceSeconds: 0.3 } })
    const pids = await pidsIn(file)
    child.kill('SIGINT')
    const { result } = JSON.parse(await text(child.stdout as NodeJS.ReadableStream)) as { result: RunResult }
    expect([result.status, result.steps[0]?.status]).toEqual(['cancelled', 'cancelled'])
    await untilGone(pids)
    expect(pids.map(lives)).toEqual([false, false])
  })

  it('ends with all its children when the program that launched it is killed', async () => {
    const file = join(directory, 'pids')
    const child = start({ name: 'blocking', params: { file } })
    const pids = await pidsIn(file)
    expect(pids.map(lives)).toEqual([true, true])
    child.kill('SIGKILL')
    await untilGone(pids)
    expect(pids.map(lives)).toEqual([false, false])
  })

  it('leaves no half artifact behind when a run is killed at any moment', async () => {
    for (let round = 0; round < 12; round += 1) {
      const isolation = round % 3 === 0 ? 'process' : 'none'
      const child = start({ name: 'values', settings: { isolation }, runId: `k${round}` })
      const exited = once(child, 'exit')
      await sleep(150 + Math.random() * 350)
      child.kill('SIGKILL')
      await exited
      for (const { outputs } of (await commits(`k${round}`)).values()) {
        for (const output of Object.values(outputs)) {
          const hash = createHash('sha256')
            .update(await bytesOf(output))
            .digest('hex')
          expect(output.contentHash).toBe(`sha256:${hash}`)
        }
      }
    }
    expect((await run({ name: 'values', runId: 'after' })).result.status).toBe('completed')
  }, 120_000)

  it('ends with the documented exit codes', async () => {
    async function exit(stdin: string) {
      const child = spawn(process.execPath, [stackStep], { stdio: ['pipe', 'ignore', 'pipe'] })
      // It may end before it has read all of it.
      child.stdin?.on('error', () => {}).end(stdin)
      const [stderr] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')])
      return { code: child.exitCode, stderr }
    }
    expect((await exit('no JSON')).code).toBe(2)
    expect(await exit(' '.repeat(65 * 1024 * 1024))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('larger'),
    })
    expect((await exit('{"protocol":2}')).code).toBe(2)
    expect((await exit('{"protocol":1,"ref":{"protocol":1}}')).stderr).toContain('projectRoot, code, stack')
    const { code, stderr } = await exit(JSON.stringify({ ...stepRequest, ref: { ...stepRequest.ref, run: '../r1' } }))
    expect([code, stderr]).toEqual([2, expect.stringContaining('ref.run')])
  })
})
