/** What runs when: order, parallelism, and each attempt once. */
import { expect } from 'vitest'
import type { OrchestratorCase } from '../orchestrator-case.js'
import type { Script } from '../scripted-run.js'

export const schedulingCases: readonly OrchestratorCase[] = [
  {
    id: 'schedule.order',
    title: 'an invocation starts when all it waits for have completed',
    async run({ prepare }) {
      const script: Script = {
        a: { ms: 20 },
        b: { after: ['a'], ms: 20 },
        c: { after: ['a'] },
        d: { after: ['b', 'c'] },
      }
      const run = await prepare(script)
      expect(await run.end(await run.submit())).toBe('completed')
      const steps = run.trace().map(({ kind, invocation }) => `${kind} ${invocation}`)
      for (const [name, { after = [] }] of Object.entries(script)) {
        for (const before of after) expect(steps.indexOf(`end ${before}`)).toBeLessThan(steps.indexOf(`start ${name}`))
      }
      expect(run.ends()).toEqual({ a: 'completed', b: 'completed', c: 'completed', d: 'completed' })
    },
  },
  {
    id: 'schedule.parallel',
    title: 'independent invocations run at the same time',
    async run({ prepare }) {
      const run = await prepare({ a: { waitsFor: 'b' }, b: { waitsFor: 'a' } }, { concurrency: 2 })
      expect(await run.end(await run.submit())).toBe('completed')
    },
  },
  {
    id: 'schedule.concurrency',
    title: 'no more attempts run at once than were asked for',
    async run({ prepare }) {
      const script = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`s${index}`, { ms: 30 }]))
      const run = await prepare(script, { concurrency: 2 })
      expect(await run.end(await run.submit())).toBe('completed')
      let running = 0
      for (const { kind } of run.trace()) {
        if (kind === 'start') running += 1
        if (kind === 'end') running -= 1
        expect(running).toBeLessThanOrEqual(2)
      }
    },
  },
  {
    id: 'schedule.once',
    title: 'each invocation of a wide and deep plan is launched exactly once, as attempt 1, with a token of its own',
    async run({ prepare }) {
      const names = Array.from({ length: 15 }, (_, index) => `s${index}`)
      const script = Object.fromEntries(
        names.map((name, index) => [
          name,
          { after: names.filter((_, before) => before < index - 3 && (index * before) % 3 === 1) },
        ]),
      )
      const run = await prepare(script, { concurrency: 8 })
      expect(await run.end(await run.submit())).toBe('completed')
      expect([...run.starts()].sort()).toEqual([...names].sort())
      const started = run.trace().filter(({ kind }) => kind === 'start')
      expect(new Set(started.map(({ token }) => token)).size).toBe(names.length)
      expect(new Set(started.map(({ attempt }) => attempt))).toEqual(new Set([1]))
    },
  },
  {
    id: 'schedule.empty',
    title: 'a plan without invocations is completed',
    async run({ prepare }) {
      const run = await prepare({})
      expect(await run.end(await run.submit())).toBe('completed')
      expect(run.starts()).toEqual([])
    },
  },
]
