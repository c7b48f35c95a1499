/** The door of `plan.json`: what is taken of it can be scheduled and its inputs bound. */
import assert from 'node:assert/strict'
import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor } from '@stack/test-fuzz'
import fc from 'fast-check'
import { parseJson } from '../../src/artifacts/stored-json.js'
import { bindInputs } from '../../src/plan/bind-inputs.js'
import { parsePlan } from '../../src/plan/parse-plan.js'

const invocation = { step: 'a', after: [], outputs: ['output'], settings: { orchestrator: { cpu: 2 } } }
const valid = {
  protocol: 1,
  pipeline: 'p',
  params: { rate: 0.1 },
  settings: {},
  invocations: [
    { ...invocation, name: 'a', inputs: { at: { $rich: '[["Date","1970-01-01T00:00:00.000Z"]]' } } },
    {
      ...invocation,
      name: 'b',
      after: ['a'],
      inputs: { rows: [{ $handle: { invocation: 'a', output: 'output' } }], n: { deep: [1] } },
    },
  ],
}

const texts = fc.oneof(
  damagedJson(valid).map((value) => JSON.stringify(value)),
  damagedBytes(JSON.stringify(valid)).map((bytes) => Buffer.from(bytes).toString()),
)

const codes = ['invalid-input', 'invalid-pipeline'] as const

describeDoor('plan.json', texts, async (text) => {
  try {
    const { invocations } = parsePlan(parseJson(text))
    for (const { inputs, after } of invocations) {
      await bindInputs(inputs, async (invocation) => assert.ok(after.includes(invocation)))
    }
  } catch (error) {
    if (!codes.some((code) => isStackError(error, code))) throw error
  }
})
