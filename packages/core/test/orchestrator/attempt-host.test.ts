import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/component/log.js'
import { DrivenOrchestrator } from '../../src/orchestrator/driven-orchestrator.js'
import type { OrchestratorHost, RunEvent } from '../../src/orchestrator/orchestrator.js'
import type { StepOutcome } from '../../src/orchestrator/outcome.js'
import type { StepRef } from '../../src/orchestrator/step-ref.js'

type Launch = (ref: StepRef, host: OrchestratorHost) => Promise<unknown>

class TestOrchestrator extends DrivenOrchestrator {
  readonly #launch: Launch

  constructor(launch: Launch) {
    super({ id: '1', name: 'test', config: {}, settings: {}, projectRoot: '/', log: silentLog })
    this.#launch = launch
  }

  protected override driveOptions() {
    return { concurrency: 1, graceMs: 10_000 }
  }

  protected override launchAttempt(ref: StepRef, host: OrchestratorHost) {
    return this.#launch(ref, host) as Promise<StepOutcome>
  }

  protected override async cancelAttempt() {}
}

const at = '2026-11-29T12:00:00.000Z'
const completed = (ref: StepRef) => ({
  status: 'completed' as const,
  commit: { ...ref, startedAt: '', endedAt: '', inputs: {}, outputs: {}, metadata: {} },
})

/** Runs `a`, then `b`, each launched by the test's function. */
async function run(launch: Launch, report?: (event: RunEvent) => void) {
  const events: RunEvent[] = []
  const invocation = (name: string, after: string[]) => ({
    ...{ name, step: name, inputs: {}, after, outputs: ['output'], settings: {} },
  })
  const orchestrator = new TestOrchestrator(launch)
  const ticket = await orchestrator.submit(
    { runId: 'r1', planUri: '', stack: 's', labels: {} },
    {
      executeStep: () => Promise.reject(new Error('not called')),
      command: () => ({ argv: [], env: {}, stdin: '' }),
      outcome: () => Promise.reject(new Error('not called')),
      plan: async () => ({
        ...{ protocol: 1, pipeline: 'p', params: {}, settings: {} },
        invocations: [invocation('a', []), invocation('b', ['a'])],
      }),
      report: async (event) => {
        events.push(event)
        report?.(event)
      },
    },
  )
  const { status } = await orchestrator.wait(ticket)
  const ends = events.flatMap((event) => (event.kind === 'attempt-ended' ? [event.outcome] : []))
  return { status, events, ends }
}

describe('the host of an attempt', () => {
  it('passes lines of the attempt on and ignores whatever else it is given', async () => {
    const { status, events } = await run(async (ref, { report }) => {
      const line = { kind: 'log', ref, at, level: 'info', message: `from ${ref.invocation}` }
      const other = ref.invocation === 'a' ? 'b' : 'a'
      const forged = [
        ...[null, undefined, 5, 'text', [], {}],
        { kind: 'attempt-ended', ref: { ...ref, invocation: other }, at, outcome: { status: 'failed', error: {} } },
        { kind: 'attempt-ended', ref, at, outcome: { status: 'cancelled' } },
        { kind: 'attempt-started', ref, at },
        { kind: 'invocation-skipped', invocation: other, because: 'x' },
        { kind: 'run-ended', status: 'failed', at },
        { ...line, ref: { ...ref, invocation: other }, message: 'forged' },
      ]
      for (const message of [...forged, line]) await report(message as RunEvent)
      return completed(ref)
    })
    expect(status).toBe('completed')
    expect(events.map((event) => (event.kind === 'log' ? event.message : event.kind))).toEqual([
      ...['attempt-started', 'from a', 'attempt-ended'],
      ...['attempt-started', 'from b', 'attempt-ended', 'run-ended'],
    ])
  })

  it('ignores what comes after the attempt’s end', async () => {
    let late: (() => Promise<void>) | undefined
    const { events } = await run(async (ref, host) => {
      await late?.()
      late = () => host.report({ kind: 'log', ref, at, level: 'info', message: 'late' })
      return completed(ref)
    })
    expect(events.filter(({ kind }) => kind === 'log')).toEqual([])
  })

  it('never rejects into the launcher: a line that the host cannot take ends the run with the reason', async () => {
    const reason = new Error('the listener is gone')
    const launch: Launch = async (ref, host) => {
      await host.report({ kind: 'log', ref, at, level: 'info', message: 'hello' })
      return completed(ref)
    }
    const report = ({ kind }: RunEvent) => {
      if (kind === 'log') throw reason
    }
    await expect(run(launch, report)).rejects.toBe(reason)
  })
})

describe('the outcome of a launcher', () => {
  it('is not taken where it is the commit of another step or run, or no outcome', async () => {
    const strange = (ref: StepRef): readonly unknown[] => [
      ...[undefined, null, {}, { status: 'done' }, { status: 'failed' }, { status: 'completed' }],
      { status: 'completed', commit: { ...completed(ref).commit, invocation: 'b' } },
      { status: 'completed', commit: { ...completed(ref).commit, run: 'r2' } },
    ]
    for (const [index] of strange({} as StepRef).entries()) {
      const { status, ends } = await run(async (ref) => strange(ref)[index])
      expect(status).toBe('failed')
      expect(ends).toMatchObject([{ status: 'failed', error: { code: 'step-failed', details: { invocation: 'a' } } }])
    }
  })

  it('is taken where it is the commit of another attempt at the same step', async () => {
    const { status } = await run(async (ref) => completed({ ...ref, attempt: 7, token: 'another' }))
    expect(status).toBe('completed')
  })
})
