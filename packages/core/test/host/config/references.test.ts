import { expect, test } from 'vitest'
import {
  environmentResolver,
  findReferences,
  formatReference,
  isReference,
  parseReference,
  resolveReferences,
} from '../../../src/host/index.js'

test.each([
  ['{{env:NAME}}', { kind: 'env', name: 'NAME' }],
  ['{{aws.secret}}', { kind: 'secret', secret: 'aws', key: 'secret' }],
  ['{{my-secret.key.part}}', { kind: 'secret', secret: 'my-secret', key: 'key.part' }],
])('%s is a reference', (text, reference) => {
  expect(parseReference(text)).toEqual(reference)
  expect(formatReference(reference as never)).toBe(text)
})

test.each([
  '',
  '{{}}',
  '{{env:}}',
  '{{env:1A}}',
  '{{a}}',
  '{{a.}}',
  '{{.b}}',
  ' {{a.b}}',
  '{{a.b}}x',
  '{{a.b}}{{c.d}}',
  '{{ a.b }}',
  1,
  null,
  ['{{a.b}}'],
])('%j is none', (value) => {
  expect(isReference(value)).toBe(false)
})

test('resolves what the environment has, at any depth, and tells the rest', () => {
  const values = { a: '{{env:A}}', list: [{ b: '{{env:GONE}}' }], c: '{{aws.key}}', d: 'plain {{env:A}}' }
  const { values: plain, resolved, unresolved } = resolveReferences(values, environmentResolver({ A: 'x' }))
  expect(plain).toEqual({ ...values, a: 'x' })
  expect(resolved.map(({ path }) => path)).toEqual([['a']])
  expect(unresolved.map(({ path, reason }) => [path.join('.'), reason])).toEqual([
    ['list.0.b', 'the environment variable GONE is not set'],
    ['c', 'the secret "aws" is not found: only {{env:NAME}} can be resolved so far'],
  ])
  expect(findReferences(values).map(({ path }) => path.join('.'))).toEqual(['a', 'list.0.b', 'c'])
})
