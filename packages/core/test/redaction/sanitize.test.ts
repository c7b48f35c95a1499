import { describe, expect, it } from 'vitest'
import { processRedactor } from '../../src/redaction/process-redactor.js'
import { sanitize, sanitizeJson, sanitizeLine } from '../../src/redaction/sanitize.js'

describe('text of others', () => {
  it('reaches a terminal without control characters', () => {
    expect(sanitize('\u001b[31mred\u0007 \u009b1m')).toBe('\\u001b[31mred\\u0007 \\u009b1m')
    expect(sanitize('a\r\nb\tc')).toBe('a\nb\tc')
    expect(sanitize('\u202eevil')).toBe('\\u202eevil')
    expect(sanitizeLine('a\nb\tc')).toBe('a\\nb\\tc')
  })

  it('stays the same value in JSON', () => {
    const value = { text: 'a\u009b\u001b\u202e\u007f\n' }
    const json = sanitizeJson(value)
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/)
    expect(JSON.parse(json)).toEqual(value)
  })

  it('is text, whatever a stranger gives in place of one', () => {
    expect(sanitizeLine(42 as unknown as string)).toBe('42')
  })
})

describe('a known secret', () => {
  const secret = 'sanitise\nme "now"'

  it('is in no text', () => {
    processRedactor().add(secret)
    expect(sanitize(`it is ${secret}\u001b`)).toBe('it is [secret]\\u001b')
    expect(sanitizeLine(`it is ${JSON.stringify(secret)}`)).toBe('it is "[secret]"')
  })

  it('is in no value and no key of JSON, which stays JSON with the keys of its envelope', () => {
    for (const known of [secret, 'warnings', 'nname-after-a-line', '12345678', '": "']) processRedactor().add(known)
    const text = '\nname-after-a-line'
    const json = sanitizeJson({
      data: { [secret]: [secret, { deep: `x${secret}` }], text, pin: 12345678 },
      warnings: [],
    })
    expect(json).not.toMatch(/sanitise|now|nname-after|12345678/)
    expect(JSON.parse(json)).toEqual({
      data: { '[secret]': ['[secret]', { deep: 'x[secret]' }], text: '[secret]', pin: '[secret]' },
      warnings: [],
    })
  })

  it('is not found in what stands in its place', () => {
    processRedactor().add('secret')
    expect(sanitize(sanitize('a secret'))).toBe('a [secret]')
    expect(JSON.parse(sanitizeJson({ data: 'a secret' }))).toEqual({ data: 'a [secret]' })
  })
})
