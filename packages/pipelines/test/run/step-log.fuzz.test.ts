/** The door of logs that are read back: whatever is in them, lines of bounded length come out. */
import assert from 'node:assert/strict'
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
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
    lines.push(line)
    const { at, level, message, fields = {}, ...rest } = parseLogLine(line)
    assert.ok([at, level, message].every((part) => typeof part === 'string'))
    assert.ok(typeof fields === 'object' && Object.keys(rest).length === 0)
  }
  const whole = text.split('\n')
  if (whole.at(-1) === '') whole.pop()
  assert.equal(lines.length, whole.length)
  for (const [index, { text, cut }] of lines.entries()) {
    const bytes = Buffer.from(whole[index] ?? '')
    assert.equal(cut, bytes.length > limit)
    assert.equal(text, bytes.subarray(0, limit).toString())
  }
})

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
