import { isStackError, type StackError } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { checkMetadata } from '../../src/run/metadata.js'

function problems(metadata: unknown): string[] {
  try {
    checkMetadata(metadata, 'the step "train"')
  } catch (error) {
    if (isStackError(error, 'invalid-input')) return (error as StackError).problems.map(({ path }) => path)
    throw error
  }
  return []
}

describe('checkMetadata', () => {
  it('copies JSON values, and leaves out what is undefined', () => {
    const given = { accuracy: 0.9, nested: { list: [1, 'a', null, true], gone: undefined } }
    const checked = checkMetadata(given, 'x')
    given.nested.list.push(2)
    expect(checked).toEqual({ accuracy: 0.9, nested: { list: [1, 'a', null, true] } })
  })

  it('names every value that JSON cannot say, with its path', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const bad = { a: Number.NaN, b: [1n, new Date()], c: () => 1, d: new Map(), ok: 1, cycle }
    expect(problems(bad)).toEqual(['a', 'b[0]', 'b[1]', 'c', 'd', 'cycle.self'])
  })

  it('refuses nesting without end, which could not be read again', () => {
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level += 1) deep = [deep]
    expect(problems({ a: { deep } })).toEqual(['a.deep[0]'])
  })

  it('takes the same object twice, which is no cycle', () => {
    const shared = { x: 1 }
    expect(checkMetadata({ a: shared, b: shared }, 'x')).toEqual({ a: { x: 1 }, b: { x: 1 } })
  })

  it('refuses what is no object', () => {
    for (const metadata of [null, undefined, 1, 'text', [1]]) {
      expect(() => checkMetadata(metadata, 'the step "train"')).toThrow('the step "train"')
    }
  })

  it('keeps a key named __proto__ a key', () => {
    const checked = checkMetadata(JSON.parse('{"__proto__":{"polluted":true}}'), 'x')
    expect(Object.keys(checked)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(checked)).toBe(Object.prototype)
  })
})
