import { expect, test } from 'vitest'
import { describeFields } from '../../../src/host/index.js'

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

test('ends on a schema that refers to itself', () => {
  const schema = { type: 'object', properties: { next: { $ref: '#' }, loop: { $ref: '#/properties/loop' } } }
  expect(describeFields(schema).length).toBeGreaterThan(0)
})

test('no fields, no rows', () => {
  expect(describeFields({ type: 'object' })).toEqual([])
})
