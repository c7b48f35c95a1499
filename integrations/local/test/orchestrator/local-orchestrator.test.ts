import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type OrchestratorHost,
  type RunEvent,
  StackError,
  type StepOutcome,
  type StepRef,
  silentLog,
} from '@stack/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localOrchestratorSettings } from '../../src/orchestrator/config.js'
import { LocalOrchestrator } from '../../src/orchestrator/local-orchestrator.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-orchestrator-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

/** What the programs of these tests share: a line of their own attempt. */
const prelude = `
const fs = require('node:fs')
const ref = JSON.parse(process.env.REF)
const line = (message) => ({ kind: 'log', ref, at: new Date().toISOString(), level: 'info', message })
const complete = () => fs.writeFileSync(process.env.DONE, '')
`

const logged = (events: readonly RunEvent[]) => events.flatMap((event) => (event.kind === 'log' ? [event.message] : []))

/** Runs one step, a program of the test's, in a process of its own; its outcome is whether it left the file `done`. */
async function runProgram(
  program: string,
  during?: (engine: LocalOrchestrator) => void,
  executable: string = process.execPath,
) {
  const settings = localOrchestratorSettings.parse({ isolation: 'process', graceSeconds: 0.2 })
  const context = { id: 'o', name: 'default', config: {}, settings, projectRoot: directory, log: silentLog }
  const engine = new LocalOrchestrator(context)
  const events: RunEvent[] = []
  const done = join(directory, 'done')
  const host: OrchestratorHost = {
    executeStep: () => Promise.reject(new Error('not in this process')),
    command: (ref, { logDescriptor } = {}) => ({
      argv: [executable, '-e', prelude + program],
      env: { DONE: done, REF: JSON.stringify(ref), LOG: String(logDescriptor) },
      stdin: 'the request',
    }),
    outcome: async (ref): Promise<StepOutcome> =>
      existsSync(done)
        ? { status: 'completed', commit: commitOf(ref) }
        : { status: 'failed', error: new StackError('step-failed', 'no result').toJSON() },
    plan: async () => ({
      protocol: 1,
      pipeline: 'p',
      params: {},
      settings: {},
      invocations: [{ name: 'a', step: 'a', inputs: {}, after: [], outputs: [], settings: {} }],
    }),
    report: async (event) => void events.push(event),
  }
  const ticket = await engine.submit({ runId: 'r1', planUri: '', stack: 's', labels: {} }, host)
  during?.(engine)
  const { status } = await engine.wait(ticket)
  return { status, events }
}

function commitOf(ref: StepRef) {
  return { ...ref, startedAt: '', endedAt: '', inputs: {}, outputs: {}, metadata: {} }
}

describe('LocalOrchestrator', () => {
  it('runs four steps at once in the process of the run unless told otherwise', () => {
    expect(localOrchestratorSettings.parse({})).toEqual({ concurrency: 4, isolation: 'none', graceSeconds: 10 })
    expect(localOrchestratorSettings.safeParse({ concurrency: 0 }).success).toBe(false)
    expect(localOrchestratorSettings.safeParse({ isolation: 'container' }).success).toBe(false)
  })

  it('gives a process its request on stdin and its launcher’s id, and asks the store how it ended', async () => {
    const program = `
      const ok = fs.readFileSync(0, 'utf8') === 'the request' && Number(process.env.STACK_STEP_PARENT) === process.ppid
      if (ok) fs.writeFileSync(process.env.DONE, '')`
    expect((await runProgram(program)).status).toBe('completed')
  })

  it('reports the lines that a process sends, over both of its channels, to the last', async () => {
    const program = `
      complete()
      process.send(line('as a message'), () => {
        for (let n = 0; n < 20000; n += 1) fs.writeSync(Number(process.env.LOG), JSON.stringify(line('line ' + n)) + '\\n')
        process.exit(0)
      })`
    const { status, events } = await runProgram(program)
    expect(status).toBe('completed')
    expect(logged(events).filter((message) => message !== 'as a message')).toEqual(
      Array.from({ length: 20_000 }, (_, n) => `line ${n}`),
    )
    expect(logged(events)).toContain('as a message')
  })

  it('ignores whatever else a process sends, also what breaks Node’s own channel', async () => {
    const program = `
      complete()
      const send = (message) => new Promise((resolve) => process.send(message, resolve))
      const at = new Date().toISOString()
      const messages = [
        ...[null, 0, 'text', [], {}, { kind: 'log' }, { cmd: 'NODE_HANDLE_NACK' }, { cmd: 'NODE_HANDLE', type: 'none' }],
        { kind: 'attempt-ended', ref, at, outcome: { status: 'failed', error: { code: 'unexpected', message: 'forged' } } },
        { kind: 'attempt-ended', ref: { ...ref, invocation: 'b' }, at, outcome: { status: 'completed', commit: {} } },
        { kind: 'run-ended', status: 'failed', at },
        { ...line('forged'), ref: { ...ref, invocation: 'b' } },
        { ...line('forged'), ref: { ...ref, token: 'other' } },
      ]
      Promise.all(messages.map(send)).then(async () => {
        const parts = ['no JSON\\n', '{"a":', '\\n', '\\0\\xff\\n', '\\n\\n', '['.repeat(100000) + '\\n']
        for (const descriptor of [3, Number(process.env.LOG)]) {
          for (const part of parts) {
            try { fs.writeSync(descriptor, part) } catch (error) { if (error.code !== 'EAGAIN') throw error }
          }
        }
        await send(line('honest'))
        process.exit(0)
      })`
    const { status, events } = await runProgram(program)
    expect(status).toBe('completed')
    expect(events.map(({ kind }) => kind)).toEqual(['attempt-started', 'log', 'attempt-ended', 'run-ended'])
    expect(logged(events)).toEqual(['honest'])
  })

  it('ends when the process has ended, though another that outlives it keeps its channels', async () => {
    const file = join(directory, 'pid')
    const program = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], {
        detached: true, stdio: ['ignore', 'ignore', 'ignore', 3, Number(process.env.LOG)],
      })
      fs.writeFileSync(${JSON.stringify(file)}, String(child.pid))
      fs.writeSync(Number(process.env.LOG), JSON.stringify(line('the last')) + '\\n')
      complete()
      process.exit(0)`
    const { status, events } = await runProgram(program)
    process.kill(Number(await readFile(file, 'utf8')), 'SIGKILL')
    expect(status).toBe('completed')
    expect(logged(events)).toEqual(['the last'])
  })

  it('fails a step whose program cannot be started', async () => {
    expect((await runProgram('', undefined, join(directory, 'no-such-program'))).status).toBe('failed')
  })

  it('fails a step whose process leaves nothing in the store', async () => {
    expect((await runProgram('process.exit(7)')).status).toBe('failed')
  })

  it('asks by SIGTERM, and kills what does not end within the grace', async () => {
    const cancel = (engine: LocalOrchestrator) =>
      setTimeout(() => void engine.cancel({ runId: 'r1', engine: 'default' }), 300)
    const started = Date.now()
    const { status } = await runProgram(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`, cancel)
    expect(status).toBe('cancelled')
    expect(Date.now() - started).toBeLessThan(5000)
  })
})
