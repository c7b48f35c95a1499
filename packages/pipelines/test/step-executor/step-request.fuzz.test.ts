import { isStackError } from '@stack/core'
import { damagedJson, describeDoor } from '@stack/test-fuzz'
import { expect } from 'vitest'
import { nameProblem } from '../../src/definition/name.js'
import { attemptDirectory } from '../../src/run/run-layout.js'
import { parseStepRequest, type StepRequest } from '../../src/step-executor/step-request.js'
import { stepRequest } from '../support/step-request.js'

describeDoor('the request of stack-step', damagedJson(stepRequest), (value) => {
  let request: StepRequest
  try {
    request = parseStepRequest(JSON.stringify(value) ?? '')
  } catch (error) {
    expect(isStackError(error, 'usage'), String(error)).toBe(true)
    return
  }
  const { ref, stack } = request
  expect(nameProblem(ref.invocation)).toBeUndefined()
  expect(attemptDirectory(ref).split('/')).toHaveLength(4)
  for (const { config, settings } of stack.components)
    expect([typeof config, typeof settings]).toEqual(['object', 'object'])
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})
