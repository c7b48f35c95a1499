/** The door of logs that are read back: whatever is in them, lines of bounded length come out. */
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { boundedLines } from '../../src/artifacts/bounded-lines.js'
import { parseLogLine } from '../../src/run/read-step-log.js'

const valid = {
  at: '2026-11-25T00:00:00.000Z',
  level: 'info',
  message: 'splitting',
  fields: { size: 2, deep: { a: [] } },
}
const limit = 200

const texts = fc.oneof(
  damagedJson(valid).map((value) => JSON.stringify(value)),
  damagedBytes(`${JSON.stringify(valid)}\n${JSON.stringify(valid)}\n`).map((bytes) => Buffer.from(bytes).toString()),
)

describeDoor('log/000001.ndjson', fc.tuple(texts, fc.integer({ min: 1, max: 300 })), async ([text, chunkSize]) => {
  const lines = []
  for await (const line of boundedLines(chunksOf(Buffer.from(text), chunkSize), limit)) {
    expect(Buffer.byteLength(line.text)).toBeLessThanOrEqual(limit * 3)
    lines.push(line)
    const { at, level, message, fields = {}, ...rest } = parseLogLine(line)
    expect([typeof at, typeof level, typeof message, typeof fields, rest]).toEqual([
      'string',
      'string',
      'string',
      'object',
      {},
    ])
  }
  const whole = text.split('\n')
  if (whole.at(-1) === '') whole.pop()
  expect(lines.map(({ cut }) => cut)).toEqual(whole.map((line) => Buffer.byteLength(line) > limit))
  for (const [index, { text, cut }] of lines.entries()) {
    if (!cut) expect(text).toBe(Buffer.from(whole[index] ?? '').toString())
  }
})

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
