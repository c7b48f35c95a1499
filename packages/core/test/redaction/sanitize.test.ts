import { describe, expect, it } from 'vitest'
import { sanitize, sanitizeJson, sanitizeLine } from '../../src/output/sanitize.js'

describe('text of others', () => {
  it('reaches a terminal without control characters', () => {
    expect(sanitize('\u001b[31mred\u0007 \u009b1m')).toBe('\\u001b[31mred\\u0007 \\u009b1m')
    expect(sanitize('a\r\nb\tc')).toBe('a\nb\tc')
    expect(sanitize('\u202eevil')).toBe('\\u202eevil')
    expect(sanitizeLine('a\nb\tc')).toBe('a\\nb\\tc')
  })

  it('stays the same value in JSON', () => {
    const value = { text: 'a\u009b\u001b\u202e\u007f\n' }
    const json = sanitizeJson(JSON.stringify(value, null, 2))
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/)
    expect(JSON.parse(json)).toEqual(value)
  })
})
