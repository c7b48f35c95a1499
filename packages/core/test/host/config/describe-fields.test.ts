import { describe, expect, test } from 'vitest'
import { describeFields, type JsonSchema } from '../../../src/host/index.js'

test('gives dotted names, type words, required, default, secret and description', () => {
  const schema = {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Where\u001b[31m it is.' },
      region: { enum: ['eu', 'us'], default: 'eu' },
      retries: { type: ['integer', 'null'] },
      login: {
        type: 'object',
        properties: { user: { type: 'string' }, password: { $ref: '#/$defs/secret' } },
        required: ['user', 'password'],
      },
      tokens: { type: 'array', items: { type: 'string', writeOnly: true } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      mode: { anyOf: [{ const: 'fast' }, { enum: ['slow'] }] },
      either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      anything: {},
    },
    required: ['path', 'region', 'login'],
    $defs: { secret: { type: 'string', writeOnly: true } },
  }
  expect(describeFields(schema)).toEqual([
    { name: 'path', type: 'string', required: true, secret: false, description: 'Where it is.' },
    { name: 'region', type: 'enum', required: false, default: 'eu', secret: false, enum: ['eu', 'us'] },
    { name: 'retries', type: 'integer | null', required: false, secret: false },
    { name: 'login.user', type: 'string', required: true, secret: false },
    { name: 'login.password', type: 'string', required: true, secret: true },
    { name: 'tokens', type: 'array', required: false, secret: true },
    { name: 'labels', type: 'object', required: false, secret: false },
    { name: 'mode', type: 'enum', required: false, secret: false, enum: ['fast', 'slow'] },
    { name: 'either', type: 'string | number', required: false, secret: false },
    { name: 'anything', type: 'any', required: false, secret: false },
  ])
})

describe('a schema that refers to itself', () => {
  const described = (schema: JsonSchema) => describeFields(schema).map(({ name, type }) => [name, type])

  test('shows what is inside itself as one field', () => {
    const inner = { type: 'object', properties: { up: { $ref: '#' }, size: { type: 'integer' } } }
    expect(
      described({ type: 'object', properties: { next: { $ref: '#' }, loop: { $ref: '#/properties/loop' }, inner } }),
    ).toEqual([
      ['next', 'object'],
      ['loop', 'any'],
      ['inner.up', 'object'],
      ['inner.size', 'integer'],
    ])
  })

  test('has the types and the secrets of all its branches, however deep', () => {
    const levels = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [
        `l${i}`,
        { anyOf: [{ $ref: `#/$defs/l${i + 1}` }, { $ref: '#/$defs/l0' }] },
      ]),
    )
    const $defs = { ...levels, l50: { oneOf: [{ type: 'string', writeOnly: true }, { type: ['null', 'integer'] }] } }
    expect(describeFields({ type: 'object', properties: { a: { $ref: '#/$defs/l0' } }, $defs })).toEqual([
      { name: 'a', type: 'string | null | integer', required: false, secret: true },
    ])
  })
})

describe('a description has an end', () => {
  const many = (count: number, field: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, field]))

  test('in its size: the field is named, and what it is a description of', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [
        `l${i}`,
        { type: 'object', properties: many(40, { $ref: `#/$defs/l${i + 1}` }) },
      ]),
    )
    const schema = { type: 'object', properties: many(40, { $ref: '#/$defs/l0' }), $defs: { ...$defs, l5: {} } }
    expect(() => describeFields(schema, { label: 'The config of s3' })).toThrow(
      expect.objectContaining({
        code: 'invalid-manifest',
        message: expect.stringMatching(/^The config of s3 .* "field0\.field\d+\..*larger than 1 MiB/),
      }),
    )
  })

  test('in its work', () => {
    const branches = Array.from({ length: 2000 }, (_, i) => ({ $ref: `#/$defs/b${i}` }))
    const $defs = Object.fromEntries(branches.map((_, i) => [`b${i}`, { anyOf: branches }]))
    const schema = { type: 'object', properties: { a: { anyOf: branches } }, $defs }
    expect(() => describeFields(schema)).toThrow(
      expect.objectContaining({ code: 'invalid-manifest', message: expect.stringContaining('"a"') }),
    )
  })

  test('that 20,000 fields do not reach', () => {
    expect(describeFields({ type: 'object', properties: many(20_000, { type: 'string' }) })).toHaveLength(20_000)
  })
})

test('no fields, no rows', () => {
  expect(describeFields({ type: 'object' })).toEqual([])
})
