import { expect, test } from 'vitest'
import { Redactor } from '../../src/component/redactor.js'

function knowing(...values: string[]): Redactor {
  const redactor = new Redactor()
  for (const value of values) redactor.add(value)
  return redactor
}

test('replaces a value in a text, and at any depth, keys included', () => {
  const redactor = knowing('hunter2')
  expect(redactor.redact('a hunter2 b hunter2')).toBe('a [secret] b [secret]')
  expect(redactor.redact({ list: ['hunter2', 1, null], 'key-hunter2': { deep: true } })).toEqual({
    list: ['[secret]', 1, null],
    'key-[secret]': { deep: true },
  })
})

test('replaces the forms a value may be written in', () => {
  const value = 'p ss"w/ör+d\nsecond-line-of-it'
  const redactor = knowing(value)
  const text = [
    JSON.stringify({ value }),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
    'log: second-line-of-it',
  ].join(' | ')
  expect(redactor.redact(text)).not.toMatch(/ss|second-line|cCBzcyJ3/)
})

test('a secret inside another leaves nothing of the longer one', () => {
  expect(knowing('secret', 'secret-longer').redact('secret-longer secret')).toBe('[secret] [secret]')
})

test('a short value is replaced only as a whole text', () => {
  const redactor = knowing('ab')
  expect(redactor.redact(['ab', 'about'])).toEqual(['[secret]', 'about'])
})

test('nothing known changes nothing, and an empty value is never known', () => {
  const value = { a: 'b' }
  expect(knowing('').redact(value)).toBe(value)
  expect(knowing('x'.repeat(9)).redact(new Date(0))).toEqual(new Date(0))
})
