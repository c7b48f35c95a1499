import { inspect } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { Redactor } from '../../src/redaction/redactor.js'

function knowing(...values: string[]): Redactor {
  const redactor = new Redactor()
  for (const value of values) redactor.add(value)
  return redactor
}

test('replaces a value in a text, and at any depth, keys and numbers included', () => {
  const redactor = knowing('hunter2', '20261129')
  expect(redactor.redact('a hunter2 b hunter2')).toBe('a [secret] b [secret]')
  expect(redactor.redact({ list: ['hunter2', 1, null, 20261129], 'key-hunter2': { deep: true } })).toEqual({
    list: ['[secret]', 1, null, '[secret]'],
    'key-[secret]': { deep: true },
  })
})

test('two secret keys stay two', () => {
  expect(knowing('hunter2', 'hunter3').redact({ hunter2: 1, hunter3: 2 })).toEqual({ '[secret]': 1, '[secret] (2)': 2 })
})

test('a key named as the prototype stays a key', () => {
  const value = JSON.parse('{"__proto__":"hunter2"}') as object
  expect(JSON.stringify(knowing('hunter2').redact(value))).toBe('{"__proto__":"[secret]"}')
})

describe('an encoded value', () => {
  const value = `p ss"w/ör+d\\&'~?>>?\nsecond-line-of-it`
  const base64 = (before: string) => Buffer.from(`${before}${value}after it`).toString('base64')
  const upper = encodeURIComponent(value)
  const everyByte = [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const form = new URLSearchParams({ token: value }).toString()

  it.each([
    ['as it is', value],
    ['percent-encoded', upper],
    ['percent-encoded in lower case', upper.replace(/%../g, (code) => code.toLowerCase())],
    ['percent-encoded, every byte', everyByte],
    ['percent-encoded as a path', encodeURI(value)],
    ['percent-encoded twice', encodeURIComponent(upper)],
    ['form-encoded', form],
    ['form-encoded in lower case', form.replace(/%../g, (code) => code.toLowerCase())],
    ['in JSON', JSON.stringify({ value })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ value }))],
    ['in JSON within a URL', encodeURIComponent(JSON.stringify({ value }))],
    ['in JSON with escaped slashes', JSON.stringify({ value }).replaceAll('/', '\\/')],
    ['in JSON in ASCII', JSON.stringify({ value }).replaceAll('ö', '\\u00F6')],
    ['inspected', inspect({ value }, { breakLength: Number.POSITIVE_INFINITY })],
    ['base64', base64('')],
    ['base64, one byte after three', base64('u')],
    ['base64, two bytes after three', base64('me')],
    ['base64url', Buffer.from(`${value}>>>`).toString('base64url')],
    ['base64url, one byte after three', Buffer.from(`u${value}>>>`).toString('base64url')],
    ['base64url, two bytes after three', Buffer.from(`me${value}`).toString('base64url')],
    ['base64 in lines', base64('user:').replace(/.{16}/g, '$&\r\n')],
    ['base64 in a URL', encodeURIComponent(base64('u'))],
    ['hex', Buffer.from(value).toString('hex')],
    ['hex in upper case', Buffer.from(value).toString('hex').toUpperCase()],
    ['an inspected buffer', inspect(Buffer.from(value))],
    ['spread over lines', value.replaceAll('w', 'w\n').replaceAll('c', 'c\n')],
    ['a line of it', 'log: second-line-of-it'],
  ])('%s is replaced', (_, text) => {
    const redacted = knowing(value).redact(`before ${text} after`)
    expect(redacted.startsWith('before ')).toBe(true)
    expect(redacted).toContain('[secret]')
    expect(redacted.endsWith(' after')).toBe(true)
    expect(redacted.length).toBeLessThan(60)
  })
})

test('what stands around a value stays, escapes and spaces too', () => {
  expect(knowing('p@ss word').redact('?a=%20&token=p%40ss+word&b=%2B&c=d%')).toBe('?a=%20&token=[secret]&b=%2B&c=d%')
  expect(knowing('a"long"one').redact(String.raw`{"a":"\n","b":"a\"long\"one"} \q`)).toBe(
    String.raw`{"a":"\n","b":"[secret]"} \q`,
  )
  expect(knowing('hunter22').redact('a hunter22 b  \n c')).toBe('a [secret] b  \n c')
  expect(knowing('a\ufffd\u0000b').redact('%EF%BF%BD a%EF%BF%BD%00b')).toBe('%EF%BF%BD [secret]')
  expect(knowing('hunter22').redact('a \ud800 hunter22 %ff \udfff')).toBe('a \ud800 [secret] %ff \udfff')
})

test('secrets within and across others leave nothing of each other', () => {
  expect(knowing('secret', 'secret-longer').redact('secret-longer secret')).toBe('[secret] [secret]')
  expect(knowing('abcdef', 'defghi').redact('an abcdefghi')).toBe('an [secret]')
})

describe('the beginning of a value', () => {
  const redactor = knowing('correct-horse-battery', 'six-or')

  it.each([
    ['at the end of a text', 'it is correct-ho'],
    ['before an ellipsis', 'it is correct-horse-…'],
    ['before three dots', 'it is correct-hor... and more'],
    ['that is half of it', 'it is six-'],
  ])('%s is replaced: the text was cut', (_, text) => {
    expect(redactor.redact(text)).toMatch(/^it is \[secret\]/)
  })

  it.each(['it is correct', 'correct-horse is the beginning', 'it is six'])('stays in "%s"', (text) => {
    expect(redactor.redact(text)).toBe(text)
  })
})

test('what a value is made of is known with it', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n'
  const account = { type: 'service_account', token_uri: 'https://example.com/token', private_key: key }
  const redactor = knowing(
    JSON.stringify(account),
    'postgres://user:p%40ssword@db.example.com/a',
    String.raw`line one\nline two`,
    'with-line-break\n',
  )
  expect(redactor.redact(`bad key: ${key}`)).not.toContain('MIIEvQ')
  expect(redactor.redact(`bad key: ${key.split('\n')[1]}`)).toBe('bad key: [secret]')
  expect(redactor.redact('the password p@ssword is wrong')).toBe('the password [secret] is wrong')
  expect(redactor.redact('line one\nline two')).toBe('[secret]')
  expect(redactor.redact('it is with-line-break.')).toBe('it is [secret].')
  const open = 'https://example.com/token of a service_account at db.example.com'
  expect(redactor.redact(open)).toBe(open)
})

test.each(['ab', 'abc', 'true', 'false', 'null', 'undefined'])(
  'the value %s is replaced only where it is a whole text',
  (value) => {
    expect(knowing(value).redact([value, `it is ${value} or not`, 1, true, null])).toEqual([
      '[secret]',
      `it is ${value} or not`,
      1,
      true,
      null,
    ])
  },
)

test('short values are not put together across spaces', () => {
  expect(knowing('able').redact('a bleak day')).toBe('a bleak day')
})

test('nothing known changes nothing, and an empty value is never known', () => {
  const value = { a: 'b' }
  expect(knowing('').redact(value)).toBe(value)
  expect(knowing('x'.repeat(9)).redact(new Date(0))).toEqual(new Date(0))
})

test('a value that is known later is replaced from then on', () => {
  const redactor = knowing('hunter2')
  expect(redactor.redact('hunter2 swordfish')).toBe('[secret] swordfish')
  redactor.add('swordfish')
  expect(redactor.redact('hunter2 swordfish')).toBe('[secret] [secret]')
})

test('a huge text with many secrets that almost stand in it is searched to its end', () => {
  const secrets = Array.from({ length: 200 }, (_, index) => `${'a'.repeat(1000 + index)}b`)
  const text = 'a'.repeat(1_000_000)
  const redacted = knowing(...secrets).redact(`${text}-%41\\u0041 ${secrets[7]}.`)
  expect(redacted.endsWith(' [secret].')).toBe(true)
})
