import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/component/log.js'
import { isStackError, StackError } from '../../src/errors/stack-error.js'
import { DrivenOrchestrator, type LaunchOptions } from '../../src/orchestrator/driven-orchestrator.js'
import type { OrchestratorHost, RunEvent } from '../../src/orchestrator/orchestrator.js'
import type { StepOutcome } from '../../src/orchestrator/outcome.js'
import type { StepRef } from '../../src/orchestrator/step-ref.js'

/** Launches through a function the test gives. */
class TestOrchestrator extends DrivenOrchestrator {
  readonly killed: string[] = []
  readonly #launch: (ref: StepRef, options: LaunchOptions) => Promise<StepOutcome>

  constructor(launch: (ref: StepRef, options: LaunchOptions) => Promise<StepOutcome>) {
    super({ id: '1', name: 'test', config: {}, settings: {}, projectRoot: '/', log: silentLog })
    this.#launch = launch
  }

  protected override driveOptions() {
    return { concurrency: 2, graceMs: 10_000 }
  }

  protected override launchAttempt(ref: StepRef, _host: OrchestratorHost, options: LaunchOptions) {
    return this.#launch(ref, options)
  }

  protected override async cancelAttempt(ref: StepRef) {
    this.killed.push(ref.invocation)
  }
}

function completed(ref: StepRef): StepOutcome {
  return {
    status: 'completed',
    commit: { ...ref, startedAt: '', endedAt: '', inputs: {}, outputs: {}, metadata: {} },
  }
}

function testHost(graph: Readonly<Record<string, readonly string[]>>, report?: (event: RunEvent) => void) {
  const events: RunEvent[] = []
  const host: OrchestratorHost = {
    executeStep: () => Promise.reject(new Error('not called')),
    command: () => ({ argv: [], env: {}, stdin: '' }),
    outcome: () => Promise.reject(new Error('not called')),
    plan: async () => ({
      protocol: 1,
      pipeline: 'p',
      params: {},
      settings: {},
      invocations: Object.entries(graph).map(([name, after]) => ({
        name,
        step: name,
        inputs: {},
        after,
        outputs: ['output'],
        settings: {},
      })),
    }),
    report: async (event) => {
      events.push(event)
      report?.(event)
    },
  }
  return { host, events }
}

const request = { runId: 'r1', planUri: 'runs/r1/plan.json', stack: 's', labels: {} }
const diamond = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] }

const names = (events: readonly RunEvent[]) =>
  events.map((event) => {
    if (event.kind === 'run-ended') return `run-ended ${event.status}`
    if (event.kind === 'invocation-skipped') return `skipped ${event.invocation} ${event.because}`
    return `${event.kind.replace('attempt-', '')} ${event.ref.invocation}`
  })

describe('DrivenOrchestrator', () => {
  it('runs a plan in dependency order, in parallel where it can, and reports each event', async () => {
    const { host, events } = testHost(diamond)
    const orchestrator = new TestOrchestrator(async (ref) => {
      await setImmediate()
      return completed(ref)
    })
    const ticket = await orchestrator.submit(request, host)
    expect(await orchestrator.wait(ticket)).toEqual({ status: 'completed' })
    expect(names(events)).toEqual([
      'started a',
      'ended a',
      'started b',
      'started c',
      'ended b',
      'ended c',
      'started d',
      'ended d',
      'run-ended completed',
    ])
  })

  it('submits once for a run id, and gives the same ticket again', async () => {
    const { host, events } = testHost({ a: [] })
    const orchestrator = new TestOrchestrator(async (ref) => completed(ref))
    const first = await orchestrator.submit(request, host)
    const second = await orchestrator.submit(request, host)
    await orchestrator.wait(first)
    expect(second).toEqual(first)
    expect(events.filter(({ kind }) => kind === 'attempt-started')).toHaveLength(1)
  })

  it('goes on with independent branches when a step fails, and skips what waited for it', async () => {
    const { host, events } = testHost({ a: [], b: [], c: ['a'], d: ['b'] })
    const orchestrator = new TestOrchestrator(async (ref) => {
      if (ref.invocation === 'a') throw new StackError('unavailable', 'gone')
      return completed(ref)
    })
    const ticket = await orchestrator.submit(request, host)
    expect(await orchestrator.wait(ticket)).toEqual({ status: 'failed' })
    expect(names(events)).toContain('skipped c a')
    expect(names(events)).toContain('ended d')
    const failed = events.find((event) => event.kind === 'attempt-ended' && event.outcome.status === 'failed')
    expect(failed).toMatchObject({ outcome: { error: { code: 'unavailable' } } })
  })

  it('tells running steps of a cancellation and skips the others', async () => {
    const { host, events } = testHost(diamond)
    const orchestrator = new TestOrchestrator(
      (_ref, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 'cancelled' }))),
    )
    const ticket = await orchestrator.submit(request, host)
    await orchestrator.cancel(ticket)
    expect(await orchestrator.wait(ticket)).toEqual({ status: 'cancelled' })
    expect(orchestrator.killed).toEqual([])
    expect(names(events).filter((name) => name.startsWith('skipped'))).toEqual([
      'skipped b the run was cancelled',
      'skipped c the run was cancelled',
      'skipped d the run was cancelled',
    ])
  })

  it('ends by force, after the grace, a step that does not end by itself; a second call shortens the grace', async () => {
    const { host } = testHost({ a: [], b: [] })
    const orchestrator = new TestOrchestrator(() => new Promise(() => {}))
    const ticket = await orchestrator.submit(request, host)
    await orchestrator.cancel(ticket)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect((await orchestrator.status(ticket)).status).toBe('running')
    await orchestrator.cancel(ticket, { graceMs: 0 })
    expect(await orchestrator.wait(ticket)).toEqual({ status: 'cancelled' })
    expect(orchestrator.killed.sort()).toEqual(['a', 'b'])
  })

  it('ends no step by force where the grace is one that no timer holds, and refuses a grace that is no time', async () => {
    const { host } = testHost({ a: [] })
    const orchestrator = new TestOrchestrator(() => new Promise(() => {}))
    const ticket = await orchestrator.submit(request, host)
    for (const graceMs of [Number.NaN, -1, '5' as unknown as number]) {
      await expect(orchestrator.cancel(ticket, { graceMs })).rejects.toMatchObject({ code: 'usage' })
    }
    expect((await orchestrator.status(ticket)).status).toBe('running')
    for (const graceMs of [2 ** 31, Number.POSITIVE_INFINITY]) {
      await orchestrator.cancel(ticket, { graceMs })
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(orchestrator.killed).toEqual([])
    }
    await orchestrator.cancel(ticket, { graceMs: 0 })
    expect(await orchestrator.wait(ticket)).toEqual({ status: 'cancelled' })
  })

  it('takes no notice of a killed step that answers after all', async () => {
    const { host, events } = testHost({ a: [] })
    let answer: (outcome: StepOutcome) => void = () => {}
    const orchestrator = new TestOrchestrator(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
    )
    const ticket = await orchestrator.submit(request, host)
    await orchestrator.cancel(ticket, { graceMs: 0 })
    await orchestrator.wait(ticket)
    const before = events.length
    answer(completed({ protocol: 1, run: 'r1', invocation: 'a', attempt: 1, token: 't' }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(events).toHaveLength(before)
  })

  it('rejects the wait and tells the steps when progress cannot be kept', async () => {
    const { host } = testHost({ a: [], b: [] }, (event) => {
      if (event.kind === 'attempt-ended') throw new StackError('no-space', 'The disk is full.')
    })
    const told: string[] = []
    const orchestrator = new TestOrchestrator(async (ref, { signal }) => {
      signal.addEventListener('abort', () => told.push(ref.invocation))
      await setImmediate()
      if (ref.invocation === 'a') return completed(ref)
      return new Promise(() => {})
    })
    const ticket = await orchestrator.submit(request, host)
    await expect(orchestrator.wait(ticket)).rejects.toSatisfy((error) => isStackError(error, 'no-space'))
    expect(told).toEqual(['b'])
  })

  it('says of a run it does not drive that it is not found', async () => {
    const orchestrator = new TestOrchestrator(async (ref) => completed(ref))
    await expect(orchestrator.wait({ runId: 'x', engine: 'test' })).rejects.toSatisfy((error) =>
      isStackError(error, 'not-found'),
    )
  })

  it('lists its runs', async () => {
    const { host } = testHost({ a: [] })
    const orchestrator = new TestOrchestrator(async (ref) => completed(ref))
    await orchestrator.submit(request, host)
    const runs: string[] = []
    for await (const { runId } of orchestrator.list({})) runs.push(runId)
    expect(runs).toEqual(['r1'])
  })

  it('runs a plan without steps to completion', async () => {
    const { host } = testHost({})
    const orchestrator = new TestOrchestrator(async (ref) => completed(ref))
    expect(await orchestrator.wait(await orchestrator.submit(request, host))).toEqual({ status: 'completed' })
  })
})
