import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
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

/** Runs one step, a program of the test's, in a process of its own; its outcome is whether it left the file `done`. */
async function runProgram(program: string, during?: (engine: LocalOrchestrator) => void) {
  const settings = localOrchestratorSettings.parse({ isolation: 'process', graceSeconds: 0.2 })
  const context = { id: 'o', name: 'default', config: {}, settings, projectRoot: directory, log: silentLog }
  const engine = new LocalOrchestrator(context)
  const events: RunEvent[] = []
  const done = join(directory, 'done')
  const host: OrchestratorHost = {
    executeStep: () => Promise.reject(new Error('not in this process')),
    command: () => ({ argv: [process.execPath, '-e', program], env: { DONE: done }, stdin: 'the request' }),
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
      const fs = require('node:fs')
      const ok = fs.readFileSync(0, 'utf8') === 'the request' && Number(process.env.STACK_STEP_PARENT) === process.ppid
      if (ok) fs.writeFileSync(process.env.DONE, '')`
    expect((await runProgram(program)).status).toBe('completed')
  })

  it('reports what a process sends as it runs', async () => {
    const program = `process.send({ kind: 'log', message: 'hello' }, () => process.exit(0))`
    const { events } = await runProgram(program)
    expect(events).toContainEqual({ kind: 'log', message: 'hello' })
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
