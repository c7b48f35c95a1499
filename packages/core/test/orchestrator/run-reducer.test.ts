import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { isStackError } from '../../src/errors/stack-error.js'
import { PersistentList } from '../../src/orchestrator/persistent-list.js'
import type { RunCommand, RunProgress, RunProgressEvent } from '../../src/orchestrator/run-progress.js'
import { reduceRun, startRun } from '../../src/orchestrator/run-reducer.js'

interface Node {
  readonly name: string
  readonly after: readonly string[]
}

/** A graph in topological order: each node waits for some of those before it. */
const graphs = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { maxLength: 30 }).map((rows): Node[] =>
  rows.map((sources, index) => ({
    name: `s${index}`,
    after: index === 0 ? [] : [...new Set(sources.map((source) => `s${source % index}`))],
  })),
)

const outcomes = fc.infiniteStream(fc.constantFrom('completed' as const, 'completed' as const, 'failed' as const))
const picks = fc.infiniteStream(fc.nat())

/** Plays a run to its end, a picked running attempt ending at a time, and keeps everything that happened. */
function play(options: {
  readonly parts: readonly (readonly Node[])[]
  readonly concurrency: number
  readonly outcome: () => 'completed' | 'failed'
  readonly pick: () => number
  readonly cancelAfter?: number
}) {
  let state = startRun({ concurrency: options.concurrency })
  const log: { event: RunProgressEvent; commands: readonly RunCommand[] }[] = []
  const running = new Map<string, number>()
  const ended = new Map<string, string>()
  let most = 0
  const send = (event: RunProgressEvent) => {
    const transition = reduceRun(state, event)
    state = transition.state
    log.push({ event, commands: transition.commands })
    for (const command of transition.commands) {
      if (command.kind === 'launch') {
        expect(running.has(command.invocation)).toBe(false)
        expect(ended.has(command.invocation)).toBe(false)
        running.set(command.invocation, command.attempt)
      }
      if (command.kind === 'skip') {
        expect(ended.has(command.invocation)).toBe(false)
        ended.set(command.invocation, 'skipped')
      }
    }
    most = Math.max(most, running.size)
  }
  const parts = [...options.parts]
  send({ kind: 'plan-grown', invocations: parts.shift() ?? [] })
  let events = 0
  while (state.status === 'running') {
    if (events === options.cancelAfter) send({ kind: 'cancel-requested' })
    events += 1
    const next = parts.shift()
    if (next !== undefined && state.status === 'running') send({ kind: 'plan-grown', invocations: next })
    else if (state.open > 0) send({ kind: 'plan-closed' })
    const names = [...running.keys()]
    const name = names[options.pick() % Math.max(1, names.length)]
    if (name === undefined) continue
    const outcome = state.cancelling ? 'cancelled' : options.outcome()
    const attempt = running.get(name) as number
    running.delete(name)
    ended.set(name, outcome)
    send({ kind: 'attempt-ended', invocation: name, attempt, outcome })
  }
  return { state, log, ended, most }
}

/** A run with everything random. */
const runs = fc.record({
  nodes: graphs,
  cuts: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
  outcomes,
  picks,
})

function cut(nodes: readonly Node[], cuts: readonly number[]): Node[][] {
  const edges = [0, ...cuts.map((at) => Math.min(at, nodes.length)), nodes.length].sort((a, b) => a - b)
  return edges.slice(1).map((end, index) => nodes.slice(edges[index], end))
}

const next = <T>(stream: fc.Stream<T>) => stream.next().value as T

describe('reduceRun', () => {
  it('ends every run, each invocation exactly once, never over its concurrency, never before its sources', () => {
    fc.assert(
      fc.property(runs, ({ nodes, cuts, concurrency, outcomes, picks }) => {
        const { state, log, ended, most } = play({
          parts: cut(nodes, cuts),
          concurrency,
          outcome: () => next(outcomes),
          pick: () => next(picks),
        })
        expect(ended.size).toBe(nodes.length)
        expect(most).toBeLessThanOrEqual(concurrency)
        const completed = new Set<string>()
        for (const { event, commands } of log) {
          if (event.kind === 'attempt-ended' && event.outcome === 'completed') completed.add(event.invocation)
          for (const command of commands) {
            if (command.kind !== 'launch') continue
            const node = nodes.find(({ name }) => name === command.invocation)
            expect(node?.after.every((source) => completed.has(source))).toBe(true)
          }
        }
        expect(log.flatMap(({ commands }) => commands).filter(({ kind }) => kind === 'end')).toHaveLength(1)
        expect(state.status).toBe([...ended.values()].every((end) => end === 'completed') ? 'completed' : 'failed')
      }),
    )
  })

  it('skips exactly what waits, near or far, for what failed', () => {
    fc.assert(
      fc.property(runs, ({ nodes, cuts, concurrency, outcomes, picks }) => {
        const { ended } = play({
          parts: cut(nodes, cuts),
          concurrency,
          outcome: () => next(outcomes),
          pick: () => next(picks),
        })
        for (const { name, after } of nodes) {
          const blocked = after.some((source) => ended.get(source) !== 'completed')
          expect(ended.get(name) === 'skipped').toBe(blocked)
        }
      }),
    )
  })

  it('keeps every slot busy while something is ready', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), (count, concurrency) => {
        const invocations = Array.from({ length: count }, (_, index) => ({ name: `s${index}`, after: [] }))
        const { commands } = reduceRun(startRun({ concurrency }), { kind: 'plan-grown', invocations })
        expect(commands).toHaveLength(Math.min(count, concurrency))
      }),
    )
  })

  it('grows a plan by parts as if it had been given at once', () => {
    fc.assert(
      fc.property(runs, ({ nodes, cuts, picks }) => {
        const options = { concurrency: 100, outcome: () => 'completed' as const, pick: () => next(picks) }
        const whole = play({ parts: [nodes], ...options })
        const parts = play({ parts: cut(nodes, cuts), ...options })
        expect(parts.ended).toEqual(new Map(nodes.map(({ name }) => [name, 'completed'])))
        expect(new Map([...parts.ended].sort())).toEqual(new Map([...whole.ended].sort()))
      }),
    )
  })

  it('launches nothing after a cancellation, tells what runs, skips the rest and ends as cancelled', () => {
    fc.assert(
      fc.property(runs, fc.nat({ max: 20 }), ({ nodes, cuts, concurrency, picks }, cancelAfter) => {
        const { state, log, ended } = play({
          parts: cut(nodes, cuts),
          concurrency,
          outcome: () => 'completed',
          pick: () => next(picks),
          cancelAfter,
        })
        const at = log.findIndex(({ event }) => event.kind === 'cancel-requested')
        if (at < 0) return
        expect(log.slice(at).flatMap(({ commands }) => commands.filter(({ kind }) => kind === 'launch'))).toEqual([])
        const done = [...ended.values()].every((end) => end === 'completed')
        expect(state.status).toBe(done ? 'completed' : 'cancelled')
      }),
    )
  })

  it('never changes the state it is given', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const freeze = (state: RunProgress) =>
          JSON.stringify({
            ...state,
            invocations: [...state.invocations],
            ready: [...state.ready],
            positions: [...state.positions],
          })
        let state = startRun({ concurrency: 2 })
        const events: RunProgressEvent[] = [
          { kind: 'plan-grown', invocations: nodes },
          ...nodes.map(
            ({ name }, index): RunProgressEvent => ({
              kind: 'attempt-ended',
              invocation: name,
              attempt: 1,
              outcome: index % 3 === 2 ? 'failed' : 'completed',
            }),
          ),
          { kind: 'cancel-requested' },
        ]
        for (const event of events) {
          const before = freeze(state)
          const first = reduceRun(state, event)
          const second = reduceRun(state, event)
          expect(freeze(state)).toBe(before)
          expect(freeze(first.state)).toBe(freeze(second.state))
          expect(first.commands).toEqual(second.commands)
          state = first.state
        }
      }),
    )
  })

  it('takes no notice of an attempt that ended before, of one it does not know, and of anything after the end', () => {
    const grown = reduceRun(startRun({ concurrency: 1 }), {
      kind: 'plan-grown',
      invocations: [
        { name: 'a', after: [] },
        { name: 'b', after: ['a'] },
      ],
    }).state
    const end = { kind: 'attempt-ended', invocation: 'a', attempt: 1, outcome: 'completed' } as const
    const once = reduceRun(grown, end)
    expect(once.commands).toEqual([{ kind: 'launch', invocation: 'b', attempt: 1 }])
    expect(reduceRun(once.state, end)).toEqual({ state: once.state, commands: [] })
    expect(reduceRun(grown, { ...end, invocation: 'x' })).toEqual({ state: grown, commands: [] })
    expect(reduceRun(grown, { ...end, attempt: 2 })).toEqual({ state: grown, commands: [] })
    const closed = reduceRun(once.state, { kind: 'plan-closed' }).state
    const over = reduceRun(closed, { ...end, invocation: 'b' })
    expect(over.commands).toEqual([{ kind: 'end', status: 'completed' }])
    expect(reduceRun(over.state, { kind: 'cancel-requested' }).commands).toEqual([])
  })

  it('names, for what is skipped, the invocation that gave it nothing', () => {
    const grown = reduceRun(startRun({ concurrency: 1 }), {
      kind: 'plan-grown',
      invocations: [
        { name: 'a', after: [] },
        { name: 'b', after: ['a'] },
        { name: 'c', after: ['b'] },
      ],
    }).state
    const { commands } = reduceRun(grown, { kind: 'attempt-ended', invocation: 'a', attempt: 1, outcome: 'failed' })
    expect(commands).toEqual([
      { kind: 'skip', invocation: 'b', because: 'a' },
      { kind: 'skip', invocation: 'c', because: 'b' },
    ])
  })

  it('refuses a plan with a name twice, a cycle, or a source that is not there', () => {
    const refused = (invocations: readonly Node[]) => {
      try {
        reduceRun(startRun({ concurrency: 1 }), { kind: 'plan-grown', invocations })
      } catch (error) {
        return isStackError(error, 'invalid-pipeline')
      }
      return false
    }
    expect(
      refused([
        { name: 'a', after: [] },
        { name: 'a', after: [] },
      ]),
    ).toBe(true)
    expect(
      refused([
        { name: 'a', after: ['b'] },
        { name: 'b', after: ['a'] },
      ]),
    ).toBe(true)
    expect(refused([{ name: 'a', after: ['gone'] }])).toBe(true)
  })

  it('touches as few items for an event among 10,000 invocations as among 500', () => {
    const touched = (count: number) => {
      const invocations = Array.from({ length: count }, (_, index) => ({
        name: `s${index}`,
        after: index === 0 ? [] : [`s${index - 1}`],
      }))
      let state = reduceRun(startRun({ concurrency: 4 }), { kind: 'plan-grown', invocations }).state
      const calls = (['at', 'set', 'push'] as const).map((verb) => vi.spyOn(PersistentList.prototype, verb))
      const iterated = vi.spyOn(PersistentList.prototype, Symbol.iterator)
      try {
        const { positions, dependents } = state
        for (const { name } of invocations.slice(0, 100)) {
          state = reduceRun(state, { kind: 'attempt-ended', invocation: name, attempt: 1, outcome: 'completed' }).state
        }
        expect(state.positions).toBe(positions)
        expect(state.dependents).toBe(dependents)
        expect(calls.some((call) => call.mock.calls.length > 0)).toBe(true)
        expect(iterated).not.toHaveBeenCalled()
        return calls.map((call) => call.mock.calls.length)
      } finally {
        vi.restoreAllMocks()
      }
    }
    expect(touched(10_000)).toEqual(touched(500))
  })
})
