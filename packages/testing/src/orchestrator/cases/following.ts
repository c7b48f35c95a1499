/** Following a run: tickets, status, and reports that are never behind. */
import { isStackError, type Ticket } from '@stack/core'
import { expect } from 'vitest'
import type { OrchestratorCase } from '../orchestrator-case.js'
import { within } from '../scripted-run.js'

export const followingCases: readonly OrchestratorCase[] = [
  {
    id: 'ticket.idempotent',
    title: 'submitting a run again, at once or after its end, gives the same ticket and starts nothing twice',
    async run({ prepare }) {
      const run = await prepare({ a: { ms: 20 }, b: { after: ['a'] } })
      const [first, second] = await Promise.all([run.submit(), run.submit()])
      expect(await run.end(first)).toBe('completed')
      const third = await run.submit()
      expect(await run.end(third)).toBe('completed')
      expect([second, third]).toEqual([first, first])
      expect(run.starts()).toEqual(['a', 'b'])
      expect(run.events.filter(({ kind }) => kind === 'run-ended')).toHaveLength(1)
    },
  },
  {
    id: 'ticket.json',
    title: 'a ticket names its run and serves after a way through JSON',
    async run({ prepare }) {
      const run = await prepare({ a: { hangs: 'until-told' } })
      const ticket = JSON.parse(JSON.stringify(await run.submit())) as Ticket
      expect(ticket).toMatchObject({ runId: run.request.runId, engine: expect.any(String) })
      await run.started('a')
      expect(await run.orchestrator.status(ticket)).toMatchObject({ status: 'running' })
      const listed: string[] = []
      for await (const { runId } of run.orchestrator.list({})) listed.push(runId)
      expect(listed).toContain(ticket.runId)
      await run.orchestrator.cancel(ticket, {})
      expect(await run.end(ticket)).toBe('cancelled')
      expect(await run.orchestrator.status(ticket)).toMatchObject({ status: 'cancelled' })
      for await (const line of run.orchestrator.logs(ticket)) expect(line).toEqual(expect.any(String))
    },
  },
  {
    id: 'ticket.unknown',
    title: 'a ticket of no run is not-found',
    async run({ prepare }) {
      const { orchestrator } = await prepare({})
      const ticket = { runId: 'no-such-run', engine: 'kit' }
      const asked: readonly Promise<unknown>[] = [
        orchestrator.status(ticket),
        orchestrator.wait(ticket),
        orchestrator.cancel(ticket, {}),
      ]
      for (const ask of asked) {
        const error = await within(ask, 'No answer').then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(isStackError(error, 'not-found'), String(error)).toBe(true)
      }
    },
  },
  {
    id: 'report.order',
    title: 'each attempt is reported as started, then as ended, and the end of the run last and once',
    async run({ prepare }) {
      const run = await prepare({ a: {}, b: {}, c: { after: ['a', 'b'] } })
      expect(await run.end(await run.submit())).toBe('completed')
      const told = run.events.flatMap((event) => {
        if (event.kind === 'run-ended') return [`run ${event.status}`]
        return event.kind === 'attempt-started' || event.kind === 'attempt-ended'
          ? [`${event.kind} ${event.ref.invocation} ${event.ref.run === run.request.runId}`]
          : []
      })
      for (const name of ['a', 'b', 'c']) {
        const mine = told.filter((text) => text.includes(` ${name} `))
        expect(mine).toEqual([`attempt-started ${name} true`, `attempt-ended ${name} true`])
      }
      expect(told.indexOf('run completed')).toBe(told.length - 1)
    },
  },
  {
    id: 'report.forged',
    title: 'of what a step’s process sends nothing is believed: how a step ended is what the store says',
    async run({ prepare }) {
      const script = { honest: {}, liar: { after: ['honest'], forges: 'honest', leaves: 'nothing' as const } }
      const run = await prepare({ ...script, next: { after: ['liar'] } })
      expect(await run.end(await run.submit())).toBe('failed')
      expect(run.ends()).toEqual({ honest: 'completed', liar: 'failed', next: 'skipped: liar' })
      // A line of its own may be passed on; nothing else is reported of a step than that it started and how it ended.
      const kinds = run.events.flatMap((event) => {
        if (event.kind === 'log') return event.ref.invocation === 'liar' ? [] : ['a forged line']
        return 'ref' in event ? [`${event.kind} ${event.ref.invocation}`] : [event.kind]
      })
      expect(kinds).toEqual([
        ...['attempt-started honest', 'attempt-ended honest', 'attempt-started liar', 'attempt-ended liar'],
        ...['invocation-skipped', 'run-ended'],
      ])
    },
  },
  {
    id: 'report.awaited',
    title: 'what waits for an invocation starts, and the run ends, after the reports were taken notice of',
    async run({ prepare }) {
      let taken = 0
      const run = await prepare(
        { a: {}, b: { after: ['a'] } },
        {
          async report(event) {
            if (event.kind === 'attempt-ended' && event.ref.invocation === 'a') {
              await new Promise((resolve) => setTimeout(resolve, 100))
              expect(run.starts()).toEqual(['a'])
            }
            if (event.kind === 'run-ended') await new Promise((resolve) => setTimeout(resolve, 100))
            taken += 1
          },
        },
      )
      expect(await run.end(await run.submit())).toBe('completed')
      expect(taken).toBe(5)
    },
  },
  {
    id: 'report.failing',
    title: 'where progress cannot be kept, waiting rejects with the reason and nothing more is started',
    async run({ prepare }) {
      const reason = new Error('the database is gone')
      const run = await prepare(
        { a: {}, b: { after: ['a'] } },
        {
          report(event) {
            if (event.kind === 'attempt-ended') throw reason
          },
        },
      )
      const ticket = await run.submit()
      await expect(run.end(ticket)).rejects.toBe(reason)
      expect(run.starts()).toEqual(['a'])
    },
  },
]
