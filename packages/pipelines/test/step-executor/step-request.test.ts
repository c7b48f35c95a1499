import { isStackError } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { parseStepRequest, stepCommand } from '../../src/step-executor/step-request.js'
import { stepRequest } from '../support/step-request.js'

/** Why a request is refused; undefined where it is not. */
function refused(value: unknown): string | undefined {
  try {
    parseStepRequest(typeof value === 'string' ? value : JSON.stringify(value))
  } catch (error) {
    if (isStackError(error, 'usage')) return error.message
    throw error
  }
  return undefined
}

describe('parseStepRequest', () => {
  it('reads what stepCommand wrote', () => {
    const { ref, protocol: _, ...options } = stepRequest
    expect(parseStepRequest(stepCommand(ref, options).stdin)).toEqual(stepRequest)
  })

  it('fills in what a launcher may leave out', () => {
    const { settings: _, builtins: __, sourceFlavors: ___, ...request } = stepRequest
    expect(parseStepRequest(JSON.stringify(request))).toEqual({
      ...stepRequest,
      settings: {},
      builtins: [],
      sourceFlavors: [],
    })
  })

  it('refuses another protocol, and says what is missing', () => {
    expect(refused('no JSON')).toContain('not JSON')
    for (const value of [null, 5, [], {}, { protocol: 1 }, { ...stepRequest, protocol: 2 }])
      expect(refused(value)).toContain('protocol 1 only')
    expect(refused({ protocol: 1, ref: stepRequest.ref })).toBe('The request lacks projectRoot, code, stack.')
  })

  it('refuses a reference that leads out of the run’s directory in the store', () => {
    const wrong = [
      { run: '../r2' },
      { run: '' },
      { invocation: '../../b' },
      { invocation: 'a/b' },
      { attempt: '1/../2' },
    ]
    for (const ref of wrong)
      expect(refused({ ...stepRequest, ref: { ...stepRequest.ref, ...ref } })).toContain(`ref.${Object.keys(ref)[0]}`)
  })

  it('refuses fields of another shape by their paths', () => {
    const [component] = stepRequest.stack.components
    const wrong: readonly [string, object][] = [
      ['projectRoot', { projectRoot: 'relative' }],
      ['code.kind', { code: { ...stepRequest.code, kind: 'image' } }],
      ['code.file', { code: { ...stepRequest.code, file: 5 } }],
      ['stack.components', { stack: { name: 's', components: {} } }],
      ['stack.components[0].type', { stack: { name: 's', components: [{ ...component, type: 'none' }] } }],
      ['stack.components[0].config', { stack: { name: 's', components: [{ ...component, config: [] }] } }],
      ['settings.orchestrator', { settings: { orchestrator: 5 } }],
      ['builtins[0]', { builtins: [5] }],
      ['sourceFlavors[0].source', { sourceFlavors: [{ ...stepRequest.sourceFlavors[0], source: null }] }],
    ]
    for (const [path, change] of wrong) expect(refused({ ...stepRequest, ...change })).toContain(path)
  })

  it('refuses a request that is nested too deeply', () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const json = JSON.stringify({ ...stepRequest, settings: { orchestrator: { deep: 'here' } } })
    expect(refused(json.replace('"here"', nested))).toContain('too deeply')
  })
})
