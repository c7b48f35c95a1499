import { type Schema, Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSchema } from '../../../src/host/config/check-schema.js'
import type { JsonSchema } from '../../../src/host/config/json-schema.js'
import { preparePatterns } from '../../../src/host/config/patterns.js'
import { schemaFault } from '../../../src/host/config/schema-faults.js'

const problems = (schema: JsonSchema, value: unknown) =>
  checkSchema(schema, value).map(({ path, message }) => `${path.join('.')}: ${message}`)

describe('agrees with another interpreter of JSON Schema 2020-12', () => {
  const scalars = fc.oneof(
    fc.constantFrom('', 'a', 'ab', 'abc', 'é', '😀'),
    fc.constantFrom(-1, 0, 1, 1.5, 2, 3, 0.3, 100),
    fc.boolean(),
    fc.constant(null),
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalars,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const limits = fc.integer({ min: 0, max: 3 })
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => {
    const list = fc.array(tie('schema'), { minLength: 1, maxLength: 3 })
    const map = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3 })
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 })
    return {
      schema: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.boolean(),
        fc.record(
          { type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object') },
          { requiredKeys: [] },
        ),
        fc.record({ const: scalars }),
        fc.record({ enum: fc.array(value, { minLength: 1, maxLength: 3 }) }),
        fc.record(
          {
            minimum: limits,
            maximum: limits,
            exclusiveMinimum: limits,
            exclusiveMaximum: limits,
            multipleOf: fc.constantFrom(1, 0.1, 0.5),
          },
          { requiredKeys: [] },
        ),
        fc.record(
          { minLength: limits, maxLength: limits, pattern: fc.constantFrom('^a', 'b$', '[0-9]+', '^\\w*$') },
          { requiredKeys: [] },
        ),
        fc.record(
          {
            prefixItems: list,
            items: tie('schema'),
            contains: tie('schema'),
            minContains: limits,
            maxContains: limits,
            minItems: limits,
            maxItems: limits,
            uniqueItems: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        fc.record(
          {
            properties: map,
            patternProperties: fc.dictionary(fc.constantFrom('^a', 'b|c'), tie('schema'), { maxKeys: 2 }),
            additionalProperties: tie('schema'),
            propertyNames: fc.constantFrom({ maxLength: 0 }, { enum: ['a', 'b'] }, true),
            required: keys,
            minProperties: limits,
            maxProperties: limits,
            dependentRequired: fc.record({ a: keys }),
            dependentSchemas: map,
          },
          { requiredKeys: [] },
        ),
        fc.record({ allOf: list, anyOf: list, oneOf: list, not: tie('schema') }, { requiredKeys: [] }),
        fc.dictionary(fc.constantFrom('if', 'then', 'else'), tie('schema')),
        fc.constantFrom({ $ref: '#/$defs/short' }, { $ref: '#/$defs/pair', maxItems: 1 }),
      ),
    }
  })
  const $defs = { short: { type: 'string', maxLength: 1 }, pair: { type: 'array', items: { $ref: '#/$defs/short' } } }

  test('on generated schemas and values', async () => {
    await fc.assert(
      fc.asyncProperty(schema, value, async (inner, instance) => {
        const root = { $defs, allOf: [inner] }
        preparePatterns(root)
        const expected = new Validator(structuredClone(root) as Schema, '2020-12', false).validate(instance).valid
        expect(checkSchema(root, instance).length === 0).toBe(expected)
      }),
      { numRuns: 5000, seed: 1 },
    )
  })
})

describe('says what is wrong', () => {
  const schema = {
    type: 'object',
    properties: {
      path: { type: 'string' },
      region: { enum: ['eu-west', 'us-east'] },
      retries: { type: 'integer', minimum: 1 },
      deep: { type: 'object', properties: { list: { type: 'array', items: { type: ['number', 'null'] } } } },
      login: {
        oneOf: [
          {
            type: 'object',
            properties: { kind: { const: 'key' }, key: { type: 'string' } },
            required: ['kind', 'key'],
            additionalProperties: false,
          },
          { type: 'object', properties: { kind: { const: 'none' } }, required: ['kind'], additionalProperties: false },
        ],
      },
    },
    required: ['path'],
    additionalProperties: false,
  }

  test('all at once, with paths and suggestions, never with the value', () => {
    expect(problems(schema, { regio: 'x', region: 'eu-wets', retries: 0.5, deep: { list: [1, 'secret'] } })).toEqual([
      'path: is required',
      'regio: is not a known field. Did you mean "region"?',
      'region: must be one of "eu-west", "us-east". Did you mean "eu-west"?',
      'retries: must be an integer, not a number',
      'deep.list.1: must be a number or null, not a string',
    ])
  })

  test('of the branch of a union that is meant', () => {
    expect(problems(schema, { path: '', login: { kind: 'key', kee: 1 } })).toEqual([
      'login.key: is required',
      'login.kee: is not a known field. Did you mean "key"?',
    ])
    expect(problems(schema, { path: '', login: { kind: 'other' } })).toEqual([
      'login: fits none of the 2 forms it may have',
    ])
    expect(problems(schema, { path: '', login: 'x' })).toEqual(['login: must be an object'])
  })

  test('__proto__ is no key', () => {
    const values = JSON.parse('{"path":"x","__proto__":{"admin":true}}')
    expect(problems({ type: 'object' }, values)).toEqual(['__proto__: is not allowed as a key'])
    expect(problems(schema, values)).toEqual(['__proto__: is not allowed as a key'])
  })
})

test('what is unknown yet is taken as given, at any depth and in any branch', () => {
  const isUnknown = (value: unknown) => value === '?'
  const schema = {
    properties: { n: { type: 'integer' } },
    oneOf: [{ properties: { n: { minimum: 3 } } }, { properties: { n: { maximum: 2 } } }],
    not: { properties: { n: { const: 5 } } },
  }
  expect(checkSchema(schema, { n: '?' }, { isUnknown })).toEqual([])
})

describe('a schema that cannot be followed', () => {
  test.each([
    ['no object', [], /no JSON object/],
    ['of something else', { type: 'string' }, /"type" must be "object"/],
    ['remote reference', { type: 'object', properties: { a: { $ref: 'https://example.com/x' } } }, /\$ref/],
    ['reference to nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }, /\$ref/],
    ['dynamic reference', { type: 'object', $dynamicRef: '#x' }, /\$dynamicRef/],
    ['unevaluatedProperties', { type: 'object', unevaluatedProperties: false }, /unevaluatedProperties/],
    [
      'a secret with a default',
      { type: 'object', properties: { a: { writeOnly: true, default: 'x' } } },
      /a secret has no default/,
    ],
    ['a wrong keyword', { type: 'object', properties: { a: { minLength: 'x' } } }, /minLength/],
    ['required no array', { type: 'object', required: 'a' }, /required/],
  ])('%s', (_, schema, reason) => {
    expect(schemaFault(schema)).toMatch(reason)
  })

  test('nested without end', () => {
    let schema: object = {}
    for (let depth = 0; depth < 1000; depth += 1) schema = { type: 'object', properties: { a: schema } }
    expect(schemaFault(schema)).toMatch(/nested deeper/)
  })

  test('one that refers to itself at the same place is refused, with the field', () => {
    const schema = {
      properties: { a: { $ref: '#/$defs/loop' } },
      $defs: { loop: { anyOf: [{ $ref: '#/$defs/loop' }] } },
    }
    expect(() => checkSchema(schema, { a: 1 })).toThrow(
      expect.objectContaining({
        code: 'invalid-manifest',
        message: expect.stringContaining('the field "a" it refers'),
      }),
    )
    expect(() => checkSchema({ $ref: '#' }, {})).toThrow(expect.objectContaining({ code: 'invalid-manifest' }))
    expect(checkSchema(schema, {})).toEqual([])
  })
})

describe('patterns', () => {
  test.each(['(?=a)b', '(a)\\1', '(?<!a)b', '('])('outside RE2 is refused: %s', (pattern) => {
    expect(() => preparePatterns({ properties: { a: { pattern } } })).toThrow(
      expect.objectContaining({
        code: 'invalid-manifest',
        message: expect.stringContaining(JSON.stringify(pattern)),
      }),
    )
  })

  test.each([
    ['\\\\1$', 'a\\1'],
    ['^[A-Z]\\-[0-9]$', 'A-1'],
    ['^.$', '😀'],
  ])('mean what JavaScript means: %s', (pattern, text) => {
    preparePatterns({ pattern })
    expect(checkSchema({ pattern }, text)).toEqual([])
  })
})

test.each([
  ['uri', 's3://bucket/a', true],
  ['uri', 'no uri', false],
  ['uri', ' http://x ', false],
  ['email', 'a@b.co', true],
  ['email', 'a.b', false],
  ['date', '2024-02-29', true],
  ['date', '2023-02-29', false],
  ['date-time', '2024-01-01T00:00:00Z', true],
  ['date-time', '2024-01-01', false],
  ['ipv4', '1.2.3.4', true],
  ['ipv4', '1.2.3.256', false],
  ['ipv6', '::1', true],
  ['uuid', 'x', false],
  ['hostname', 'a.example', true],
  ['hostname', '-a', false],
  ['duration', 'P1D', true],
  ['duration', '1D', false],
])('asserts the format %s: %s is %s', (format, value, valid) => {
  expect(checkSchema({ format }, value).length === 0).toBe(valid)
})
