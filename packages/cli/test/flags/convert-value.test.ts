import { describe, expect, it } from 'vitest'
import { convertValues } from '../../src/flags/convert-value.js'

const convert = (text: string | string[], node: object | undefined) =>
  convertValues([text].flat(), node as never, (node ?? {}) as never)

describe('the value of a flag', () => {
  it('is what the schema says, and text where it does not fit, for the validation to report', () => {
    expect(convert('12', { type: 'integer' })).toBe(12)
    expect(convert('-1.5e3', { type: 'number' })).toBe(-1500)
    expect(convert('twelve', { type: 'integer' })).toBe('twelve')
    expect(convert('', { type: 'number' })).toBe('')
    expect(convert('0x10', { type: 'number' })).toBe('0x10')
    expect(convert('true', { type: 'boolean' })).toBe(true)
    expect(convert('yes', { type: 'boolean' })).toBe('yes')
    expect(convert('12', { type: 'string' })).toBe('12')
    expect(convert('null', { anyOf: [{ type: 'string' }, { type: 'null' }] })).toBe(null)
  })

  it('is JSON for an object, and a reference stays text', () => {
    expect(convert('{"region":"eu"}', { type: 'object' })).toEqual({ region: 'eu' })
    expect(convert('{{env:KWARGS}}', { type: 'object' })).toBe('{{env:KWARGS}}')
  })

  it('is an array by repetition or by JSON', () => {
    const numbers = { type: 'array', items: { type: 'integer' } }
    expect(convert(['1', '2'], numbers)).toEqual([1, 2])
    expect(convert('1', numbers)).toEqual([1])
    expect(convert('[1,2]', numbers)).toEqual([1, 2])
  })

  it('is JSON or else text where the schema does not say', () => {
    expect(convert('12', undefined)).toBe(12)
    expect(convert('eu-west-1', undefined)).toBe('eu-west-1')
  })

  it('follows references within the schema', () => {
    const root = { $defs: { port: { type: 'integer' } } }
    expect(convertValues(['80'], { $ref: '#/$defs/port' }, root)).toBe(80)
  })
})
