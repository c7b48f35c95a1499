/** How ends of attempts become ends of invocations and of the run; the truth is in the store. */
import { expect } from 'vitest'
import type { OrchestratorCase } from '../orchestrator-case.js'

export const failingCases: readonly OrchestratorCase[] = [
  {
    id: 'failure.dependents',
    title: 'a failed invocation skips all that wait for it, near or far; independent branches go on; the run is failed',
    async run({ prepare }) {
      const run = await prepare({
        ...{ bad: { leaves: 'failed', exitCode: 7 }, good: { ms: 50 } },
        ...{ near: { after: ['bad'] }, far: { after: ['near', 'good'] }, other: { after: ['good'] } },
      })
      expect(await run.end(await run.submit())).toBe('failed')
      expect(run.ends()).toEqual({
        ...{ bad: 'failed', good: 'completed', other: 'completed' },
        ...{ near: 'skipped: bad', far: 'skipped: near' },
      })
      expect([...run.starts()].sort()).toEqual(['bad', 'good', 'other'])
    },
  },
  {
    id: 'failure.error',
    title: 'the error of a failed attempt is reported with its code',
    async run({ prepare }) {
      const run = await prepare({ bad: { leaves: 'failed', exitCode: 7 } })
      expect(await run.end(await run.submit())).toBe('failed')
      const ended = run.events.find(({ kind }) => kind === 'attempt-ended')
      expect(ended).toMatchObject({ outcome: { status: 'failed', error: { code: 'invalid-output' } } })
    },
  },
  {
    id: 'failure.lost',
    title: 'an attempt that ends and leaves nothing in the store has failed, whatever its exit code says',
    async run({ prepare }) {
      for (const exitCode of [0, 1, 137]) {
        const run = await prepare({ lost: { leaves: 'nothing', exitCode }, next: { after: ['lost'] } })
        expect(await run.end(await run.submit())).toBe('failed')
        expect(run.ends()).toEqual({ lost: 'failed', next: 'skipped: lost' })
      }
    },
  },
  {
    id: 'failure.committed',
    title: 'an attempt that has committed is completed, whatever its exit code says',
    async run({ prepare }) {
      const run = await prepare({ a: { exitCode: 1 }, next: { after: ['a'] } })
      expect(await run.end(await run.submit())).toBe('completed')
      expect(run.ends()).toEqual({ a: 'completed', next: 'completed' })
    },
  },
  {
    id: 'failure.cancelled-elsewhere',
    title: 'an attempt that says by itself that it was cancelled gives nothing, and the run is not completed',
    async run({ prepare }) {
      const run = await prepare({ a: { leaves: 'cancelled', exitCode: 130 }, next: { after: ['a'] } })
      expect(await run.end(await run.submit())).toBe('failed')
      expect(run.ends()).toEqual({ a: 'cancelled', next: 'skipped: a' })
    },
  },
]
