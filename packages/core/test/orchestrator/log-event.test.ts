import { describe, expect, it } from 'vitest'
import { parseLogEvent } from '../../src/orchestrator/log-event.js'

const ref = { protocol: 1, run: 'r1', invocation: 'a', attempt: 1, token: 't1' } as const
const line = { kind: 'log', ref, at: '2026-11-29T12:00:00.000Z', level: 'info', message: 'hello' }

describe('parseLogEvent', () => {
  it('takes a line of the attempt, and no more of it than a line has', () => {
    expect(parseLogEvent({ ...line, outcome: 'x' }, ref)).toEqual(line)
    expect(parseLogEvent({ ...line, fields: { rows: 3 } }, ref)).toEqual({ ...line, fields: { rows: 3 } })
  })

  it('takes no line of another attempt', () => {
    for (const other of [{ run: 'r2' }, { invocation: 'b' }, { attempt: 2 }, { token: 't2' }, { attempt: '1' }])
      expect(parseLogEvent({ ...line, ref: { ...ref, ...other } }, ref)).toBeUndefined()
    expect(parseLogEvent({ ...line, ref: undefined }, ref)).toBeUndefined()
  })

  it('takes nothing else', () => {
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    const strange = [
      ...[null, undefined, 5, 'log', [], [line], {}, () => {}],
      ...[{ kind: 'attempt-ended', ref, at: line.at, outcome: { status: 'completed' } }],
      ...[
        { ...line, message: 5 },
        { ...line, level: 'fatal' },
        { ...line, at: 'yesterday' },
        { ...line, at: '2026-13-29T12:00:00Z' },
        { ...line, at: 0 },
      ],
      ...[
        { ...line, fields: 'x' },
        { ...line, fields: [] },
        { ...line, fields: null },
      ],
      ...[
        { ...line, fields: { n: 1n } },
        { ...line, fields: circle },
      ],
    ]
    const throwing = {
      get kind(): string {
        throw new Error('no')
      },
    }
    for (const value of [...strange, throwing]) expect(parseLogEvent(value, ref)).toBeUndefined()
  })
})
