import { damagedJson, describeDoor } from '@stack/test-fuzz'
import { expect } from 'vitest'
import { logLevels, parseLogEvent } from '../../src/orchestrator/log-event.js'

const ref = { protocol: 1, run: 'r1', invocation: 'a', attempt: 1, token: 't1' } as const
const valid = {
  ...{ kind: 'log', ref, at: '2026-11-29T12:00:00.000Z', level: 'info' },
  ...{ message: 'hello', fields: { rows: 3, nested: { list: [1, null, 'x'] } } },
}

describeDoor('messages of a step’s process', damagedJson(valid), (message) => {
  const line = parseLogEvent(message, ref)
  if (line === undefined) return
  expect(line.ref).toBe(ref)
  expect(Object.keys(line).filter((key) => !['kind', 'ref', 'at', 'level', 'message', 'fields'].includes(key))).toEqual(
    [],
  )
  expect(logLevels).toContain(line.level)
  expect(typeof line.message).toBe('string')
  expect(Number.isNaN(Date.parse(line.at))).toBe(false)
  if (line.fields !== undefined) expect(Object.getPrototypeOf(line.fields)).toBe(Object.prototype)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})
