import { describe, expect, it } from 'vitest'
import { bindInputs } from '../../src/plan/bind-inputs.js'
import { writeBinding } from '../../src/plan/write-binding.js'

const context = { trace: {}, owner: 'a.b', found: () => {} }

describe('bindInputs', () => {
  it('fills outputs at any depth, each loaded once', async () => {
    const loaded: string[] = []
    const handle = { $handle: { invocation: 'load', output: 'rows' } }
    const bound = await bindInputs({ a: handle, b: [{ c: handle }, 1], d: null }, async (invocation, output) => {
      loaded.push(`${invocation}.${output}`)
      return [1]
    })
    expect(bound).toEqual({ a: [1], b: [{ c: [1] }, 1], d: null })
    expect(loaded).toEqual(['load.rows'])
  })

  it('refuses rich JSON that is none', async () => {
    const bound = bindInputs({ value: [{ $rich: '[["Date"' }] }, () => Promise.reject(new Error()))
    await expect(bound).rejects.toMatchObject({ code: 'invalid-pipeline' })
  })

  it.each([
    [new Map([[1, new Set([2n])]])],
    [{ at: new Date(0), none: undefined }],
    [[Number.NaN, -0, Number.POSITIVE_INFINITY]],
    [{ $rich: 'text' }],
    [{ $handle: { invocation: 'a', output: 'b' } }],
    [JSON.parse('{"__proto__": 1}')],
  ])('gives back %o as it was', async (value) => {
    const binding = JSON.parse(JSON.stringify(writeBinding(value, context)))
    expect(await bindInputs({ value: binding }, () => Promise.reject(new Error()))).toStrictEqual({ value })
  })

  it('rejects with what loading threw', async () => {
    const handle = { $handle: { invocation: 'load', output: 'rows' } }
    await expect(bindInputs({ a: handle }, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  })
})
