/** The door of `error.json`: whatever is in it, a run gets an error of the right shape or the code for a damaged one. */
import assert from 'node:assert/strict'
import { isStackError, StackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { parseStoredError } from '../../src/run/stored-error.js'

const valid = {
  code: 'step-failed',
  message: 'The step "train" failed: no.',
  hint: 'Try again.',
  problems: [{ path: 'rows[0]', message: 'is no number' }],
  details: { invocation: 'train', location: { file: 'a.ts', line: 1, column: 2 } },
  stack: 'Error: no\n    at a.ts:1:2',
}

const texts = fc.oneof(
  damagedJson(valid).map((value) => JSON.stringify(value)),
  damagedBytes(JSON.stringify(valid)).map((bytes) => Buffer.from(bytes).toString()),
)

describeDoor('error.json', texts, (text) => {
  try {
    const error = StackError.fromJSON(parseStoredError(text, 'runs/r/train/1/error.json'))
    const { message, hint, problems, details } = error
    assert.equal(typeof message, 'string')
    assert.ok(hint === undefined || typeof hint === 'string')
    assert.ok(problems.every(({ path, message }) => typeof path === 'string' && typeof message === 'string'))
    assert.equal(typeof details, 'object')
  } catch (error) {
    if (!isStackError(error, 'checksum-mismatch')) throw error
    assert.ok(error.message.includes('runs/r/train/1/error.json') && error.message.length < 2000)
  }
})
