import { describe, expect, test, vi } from 'vitest'
import { CheckProgress } from '../../../src/host/config/check-progress.js'
import { checkSchema } from '../../../src/host/config/check-schema.js'
import { findResolvedProblems, findValueProblems } from '../../../src/host/config/check-values.js'
import type { JsonSchema } from '../../../src/host/config/json-schema.js'
import { secretPaths } from '../../../src/host/config/secret-paths.js'
import { WorkTime } from '../../../src/host/config/work-time.js'

// The limits are of the processor's time, which a busy machine gives slowly.
vi.setConfig({ testTimeout: 180_000 })

/** How many steps a check takes, whatever it finds. */
function stepsOf(schema: JsonSchema, value: unknown): number {
  const progress = new CheckProgress()
  checkSchema(schema, value, { progress })
  secretPaths(schema, value, progress)
  return progress.steps
}

const eight = (schema: object): object[] => Array.from({ length: 8 }, () => schema)

describe('a schema is asked once about each place', () => {
  test('where references double from level to level', () => {
    const tower = (levels: number): JsonSchema => ({
      $ref: `#/$defs/level${levels}`,
      $defs: {
        level0: { type: 'object' },
        ...Object.fromEntries(
          Array.from({ length: levels }, (_, level) => {
            const below = { $ref: `#/$defs/level${level}` }
            return [`level${level + 1}`, { allOf: [below, below], if: below, else: below }]
          }),
        ),
      },
    })
    expect(stepsOf(tower(60), {})).toBeLessThan(3 * stepsOf(tower(30), {}))
    expect(checkSchema(tower(60), {})).toEqual([])
    expect(checkSchema(tower(60), 1)).toEqual([expect.objectContaining({ path: [], keyword: 'type' })])
  })

  test('where each of eight branches has the union again for what is inside', () => {
    const schema: JsonSchema = { anyOf: eight({ type: 'object', properties: { a: { $ref: '#' } } }) }
    const nested = (depth: number): unknown => (depth === 0 ? {} : { a: nested(depth - 1) })
    expect(stepsOf(schema, nested(40))).toBeLessThan(3 * stepsOf(schema, nested(20)))
  })

  test('where `not` and `if` ask about everything inside again', () => {
    const schema: JsonSchema = {
      properties: { a: { $ref: '#' } },
      not: { properties: { a: { $ref: '#/$defs/number' } }, required: ['a'] },
      if: { properties: { a: { $ref: '#' } } },
      $defs: { number: { type: 'number' } },
    }
    const nested = (depth: number): unknown => (depth === 0 ? {} : { a: nested(depth - 1) })
    expect(stepsOf(schema, nested(40))).toBeLessThan(3 * stepsOf(schema, nested(20)))
  })
})

describe('work grows with what there is, not with its square', () => {
  test.each<[string, (size: number) => JsonSchema, (size: number) => unknown]>([
    ['uniqueItems', () => ({ uniqueItems: true }), (size) => Array.from({ length: size }, (_, i) => ({ i }))],
    [
      'a long enum of the items',
      (size) => ({ items: { enum: Array.from({ length: size }, (_, i) => i) } }),
      (size) => Array.from({ length: size }, (_, i) => i),
    ],
    [
      'unknown fields beside many known ones',
      (size) => ({
        additionalProperties: false,
        properties: Object.fromEntries(Array.from({ length: size }, (_, i) => [`known${i}`, {}])),
      }),
      (size) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`other${i}`, 1])),
    ],
  ])('%s', (_, schema, value) => {
    expect(stepsOf(schema(4000), value(4000))).toBeLessThan(3 * stepsOf(schema(2000), value(2000)))
  })

  test('repeated items are found whatever the order of their keys', () => {
    const repeats = (value: unknown) => checkSchema({ uniqueItems: true }, value).map(({ message }) => message)
    expect(repeats([{ a: 1, b: [0] }, 1, { b: [-0], a: 1 }])).toEqual(['repeats item 0'])
    expect(repeats([1, '1', true, 'true', null, 'null', [1], '[1]', { a: 1 }, '{"a":1}'])).toEqual([])
  })
})

describe('what takes too long is a problem of its field', () => {
  const slow = '^(a+)+$'
  const hostile = `${'a'.repeat(60)}!`

  test('a pattern that backtracks without end, in a value, in the name of a field, and as a secret', () => {
    const time = new WorkTime()
    const problemsOf = (schema: JsonSchema, values: unknown) =>
      findValueProblems(schema, values, { kind: 'config', time }).problems
    const late = expect.stringContaining('takes too long to check')
    expect(problemsOf({ properties: { a: { pattern: slow } } }, { a: hostile })).toEqual([{ path: 'a', message: late }])
    expect(problemsOf({ patternProperties: { [slow]: {} } }, { [hostile]: 1 })).toEqual([{ path: '', message: late }])
    expect(problemsOf({ properties: { a: { pattern: slow, writeOnly: true } } }, { a: hostile })).toEqual([
      { path: 'a', message: late },
    ])
    expect(findResolvedProblems({ properties: { a: { pattern: slow } } }, { a: hostile }, time)).toEqual([
      { path: 'a', message: late },
    ])
  })

  test('and others of the same act are still checked', () => {
    const time = new WorkTime()
    const schema = { type: 'object', properties: { a: { pattern: slow, type: 'string' } }, additionalProperties: false }
    const verdicts = [hostile, hostile, hostile, 'aaa', 'b'].map(
      (a) => findValueProblems(schema, { a }, { kind: 'config', time }).problems[0]?.message,
    )
    const late = expect.stringContaining('takes too long')
    expect(verdicts).toEqual([late, late, late, undefined, `must match the pattern ${slow}`])
  })

  test('a pattern that needs more memory than there may be is named', () => {
    const schema = { type: 'object', properties: { a: { pattern: '^(?:a|b|(c))*d' } } }
    expect(() => findValueProblems(schema, { a: 'ab'.repeat(5_000_000) }, { kind: 'config' })).toThrow(
      expect.objectContaining({ code: 'invalid-manifest', message: expect.stringContaining('a|b|(c)') }),
    )
  })

  test('a value of very many steps', () => {
    const schema = { properties: { a: { items: { allOf: Array.from({ length: 200 }, () => ({})) } } } }
    const { problems } = findValueProblems(schema, { a: Array.from({ length: 10_000 }, () => 1) }, { kind: 'config' })
    expect(problems).toEqual([
      { path: expect.stringMatching(/^a\[\d+\]$/), message: expect.stringContaining('too many steps') },
    ])
  })

  test('a chain of references longer than can be followed', () => {
    const links = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`link${i}`, { $ref: `#/$defs/link${i + 1}` }]),
    )
    const schema = { properties: { a: { $ref: '#/$defs/link0' } }, $defs: { ...links, link10000: {} } }
    expect(findValueProblems(schema, { a: 1 }, { kind: 'config' }).problems).toEqual([
      { path: 'a', message: expect.stringContaining('too many steps') },
    ])
  })
})

describe('values that no JSON has are refused, with their place', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.a = cyclic
  test.each<[string, unknown, string, RegExp]>([
    ['infinity', { a: [1, { b: Number.POSITIVE_INFINITY }] }, 'a[1].b', /too large to be kept/],
    ['minus infinity', { a: Number.NEGATIVE_INFINITY }, 'a', /too large to be kept/],
    ['NaN', { a: Number.NaN }, 'a', /not NaN/],
    ['a date', { a: new Date(0) }, 'a', /no JSON value/],
    ['a set', { a: new Set([1]) }, 'a', /no JSON value/],
    ['undefined', { a: undefined }, 'a', /no JSON value/],
    ['a bigint', { a: 1n }, 'a', /no JSON value/],
    ['itself', cyclic, Array.from({ length: 100 }, () => 'a').join('.'), /deeper than 100 levels/],
  ])('%s', (_, values, path, message) => {
    const schema = { type: 'object', properties: { a: { multipleOf: 0.1 } } }
    const problem = { path, message: expect.stringMatching(message) }
    expect(findValueProblems(schema, values, { kind: 'config' }).problems).toEqual([problem])
    expect(findValueProblems(schema, values, { kind: 'settings' }).problems).toEqual([problem])
    expect(findResolvedProblems(schema, values)).toEqual([problem])
  })

  test.each([
    [2 ** 53, 1],
    [-(2 ** 53), 1],
    [1e300, 1],
    [2 ** 53 - 1, 0],
    [-0, 0],
  ])('an integer that is not kept exactly: %d', (value, count) => {
    expect(checkSchema({ type: 'integer' }, value)).toHaveLength(count)
    expect(checkSchema({ type: 'number' }, value)).toEqual([])
    expect(checkSchema({ type: ['integer', 'number'] }, value)).toEqual([])
  })

  test.each([
    [1e308, 1e-308, true],
    [5e-324, 5e-324, true],
    [1e-320, 3e-320, false],
    [-0, 0.1, true],
    [Number.MAX_VALUE, Number.MIN_VALUE, true],
  ])('%d beside multipleOf %d', (value, multipleOf, valid) => {
    expect(checkSchema({ multipleOf }, value).length === 0).toBe(valid)
  })
})
