import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlainJson } from '../../src/materializers/plain-json.js'

class Model {
  weights = [1]
}

const circle: { self?: unknown } = {}
circle.self = circle

describe('isPlainJson', () => {
  it.each([
    ['null', null],
    ['text with an emoji', 'a😀'],
    ['nested data', { a: [1, { b: true }], c: null }],
    ['a key __proto__ of its own', JSON.parse('{"__proto__": {"a": 1}}')],
    ['shared references', [circle, circle].map(() => ({ a: 1 }))],
  ])('takes %s', (_, value) => {
    expect(isPlainJson(value)).toBe(true)
  })

  it.each([
    ['undefined', undefined],
    ['an undefined field', { a: undefined }],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['-0', { a: -0 }],
    ['a bigint', 1n],
    ['a symbol', Symbol('a')],
    ['a function', () => {}],
    ['a date', new Date()],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['an instance of a class', new Model()],
    ['an object without prototype', Object.create(null)],
    ['a hole', Object.assign(new Array(3), { 0: 1, 2: 2 })],
    ['an array with a field', Object.assign([1], { name: 'a' })],
    ['an array with a symbol', Object.assign([1], { [Symbol('a')]: 1 })],
    ['a key that is a symbol', { [Symbol('a')]: 1 }],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a key', { 'a\udc00': 1 }],
    ['a circle', circle],
  ])('refuses %s', (_, value) => {
    expect(isPlainJson(value)).toBe(false)
  })

  it('takes only what JSON gives back as it was', () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withSparseArray: true, withNullPrototype: true }),
        (value) => {
          if (isPlainJson(value)) expect(JSON.parse(JSON.stringify(value))).toStrictEqual(value)
        },
      ),
      { numRuns: 500 },
    )
  })
})
