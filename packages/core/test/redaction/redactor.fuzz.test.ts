/** Whatever stands around a secret, and however it is encoded, nothing of it comes through. */
import { describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { Redactor } from '../../src/redaction/redactor.js'

/** Lone surrogates have no encoding. */
const wellFormed = (text: string) => Buffer.from(text).toString()

const wordsOfJson = ['true', 'false', 'null', 'undefined']
const secretText = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 4, maxLength: 40 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom('a', 'b', '%', '+', ' ', '\\', '"', '\n', '/', 'ö', '😀'),
      minLength: 4,
      maxLength: 30,
    }),
    hostileText.filter((text) => text.length >= 4),
  )
  .map((text) => wellFormed(text).trim())
  .filter((text) => text.length >= 4 && !wordsOfJson.includes(text))

interface Surroundings {
  readonly before: string
  readonly after: string
}

type Encoder = (secret: string, around: Surroundings) => string

const lowerCase = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
const bytes = (secret: string, { before, after }: Surroundings) => Buffer.from(`${before}${secret}${after}`)
const form = (secret: string) => new URLSearchParams({ s: secret }).toString().slice(2)

/** Each with what stands before and after it, where the encoding has an alignment. */
const encoders: Readonly<Record<string, Encoder>> = {
  raw: (secret) => secret,
  percent: (secret) => encodeURIComponent(secret),
  'lower-case percent': (secret) => lowerCase(encodeURIComponent(secret)),
  form,
  'lower-case form': (secret) => lowerCase(form(secret)),
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  'json in json': (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  base64: (secret, around) => bytes(secret, around).toString('base64'),
  base64url: (secret, around) => bytes(secret, around).toString('base64url'),
  hex: (secret, around) => bytes(secret, around).toString('hex'),
  'upper-case hex': (secret, around) => bytes(secret, around).toString('hex').toUpperCase(),
}

/** What of a secret is in each encoding, whatever stands around it. */
function formsOf(secret: string): readonly string[] {
  const size = Buffer.byteLength(secret)
  const aligned = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + size) * 8) / 6)),
  )
  const plain = Object.entries(encoders)
    .filter(([name]) => !name.startsWith('base64'))
    .map(([, encode]) => encode(secret, { before: '', after: '' }))
  return [...plain, ...aligned, ...aligned.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
}

const surroundings = fc.record({ before: hostileText, after: hostileText }).map(({ before, after }) => ({
  before: wellFormed(before),
  after: wellFormed(after),
}))

describeDoor(
  'the redactor',
  fc.record({
    secrets: fc.array(secretText, { minLength: 1, maxLength: 3 }),
    encoder: fc.constantFrom(...Object.keys(encoders)),
    outer: surroundings,
    inner: surroundings,
  }),
  ({ secrets, encoder, outer, inner }) => {
    const redactor = new Redactor()
    for (const secret of secrets) redactor.add(secret)
    const [secret = ''] = secrets
    const encoded = encoders[encoder]?.(secret, inner) ?? ''
    const text = `${outer.before} ${encoded} ${outer.after}`
    const { first } = redactor.redact({ first: text, 'a key': [text] })
    // The replacement is no secret, even where a secret is a part of it.
    const left = first.replaceAll('[secret]', '\0')
    for (const form of formsOf(secret)) expect(left).not.toContain(form)
    expect(redactor.redact(`${outer.before} ${outer.after}`)).toBeTypeOf('string')
  },
)

describeDoor('the redactor of a text without secrets', fc.tuple(hostileText, hostileText), ([before, after]) => {
  const redactor = new Redactor()
  redactor.add('\ue000 never written \ue001')
  const text = `${before}${after}`
  expect(redactor.redact(text)).toBe(text)
})
