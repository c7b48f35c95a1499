/** Ending a run: steps are told, then ended by force. */
import { expect } from 'vitest'
import type { OrchestratorCase } from '../orchestrator-case.js'
import { within } from '../scripted-run.js'

export const cancellingCases: readonly OrchestratorCase[] = [
  {
    id: 'cancel.told',
    title: 'a cancelled run tells its running steps, skips the others and is cancelled',
    async run({ prepare }) {
      const run = await prepare({ a: { hangs: 'until-told' }, b: { after: ['a'] }, c: { after: ['b'] } })
      const ticket = await run.submit()
      await run.started('a')
      await run.orchestrator.cancel(ticket, {})
      expect(await run.end(ticket)).toBe('cancelled')
      expect(run.ends()).toMatchObject({ a: 'cancelled', b: expect.stringMatching(/^skipped/), c: expect.anything() })
      expect(run.trace().map(({ kind, invocation }) => `${kind} ${invocation}`)).toEqual(['start a', 'told a', 'end a'])
    },
  },
  {
    id: 'cancel.forced',
    title: 'a step that does not end within the grace is ended by force, and the run is cancelled',
    async run({ prepare }) {
      const run = await prepare({ a: { hangs: 'for-ever' }, b: { after: ['a'] } })
      const ticket = await run.submit()
      await run.started('a')
      await run.orchestrator.cancel(ticket, { graceMs: 50 })
      expect(await within(run.end(ticket), 'The grace of 50 ms was over, but the run did not end', 5000)).toBe(
        'cancelled',
      )
      expect(run.ends().a).toBe('cancelled')
      expect(run.starts()).toEqual(['a'])
    },
  },
  {
    id: 'cancel.shortened',
    title: 'a second cancellation may shorten the grace',
    async run({ prepare }) {
      const run = await prepare({ a: { hangs: 'for-ever' } }, { graceMs: 60_000 })
      const ticket = await run.submit()
      await run.started('a')
      await run.orchestrator.cancel(ticket, {})
      await run.orchestrator.cancel(ticket, { graceMs: 0 })
      expect(await within(run.end(ticket), 'The grace was cut short, but the run did not end', 5000)).toBe('cancelled')
    },
  },
  {
    id: 'cancel.late',
    title: 'cancelling a run that has ended changes nothing',
    async run({ prepare }) {
      const run = await prepare({ a: {} })
      const ticket = await run.submit()
      expect(await run.end(ticket)).toBe('completed')
      await run.orchestrator.cancel(ticket, {})
      expect(await run.orchestrator.status(ticket)).toMatchObject({ status: 'completed' })
      expect(run.ends()).toEqual({ a: 'completed' })
    },
  },
  {
    id: 'cancel.one-of-two',
    title: 'cancelling one run leaves another alone',
    async run({ prepare }) {
      const first = await prepare({ a: { hangs: 'until-told' } })
      const second = await prepare({ a: { waitsFor: 'a', ms: 100 }, b: { after: ['a'] } }, { beside: first })
      const tickets = [await first.submit(), await second.submit()] as const
      await first.started('a')
      await first.orchestrator.cancel(tickets[0], {})
      expect(await first.end(tickets[0])).toBe('cancelled')
      expect(await second.end(tickets[1])).toBe('completed')
    },
  },
]
