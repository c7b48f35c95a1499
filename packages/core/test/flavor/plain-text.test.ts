import { expect, test } from 'vitest'
import { plainText } from '../../src/flavor/plain-text.js'

test.each([
  ['a\u001b[31mb\u001b[0m', 'ab'],
  ['\u001b]0;title\u0007text', 'text'],
  ['a\u009b2Jb', 'ab'],
  ['line\r\nline', 'line line'],
  ['a\u202eb\u2066c', 'a b c'],
  ['a\u0000b', 'a b'],
  ['  plain  ', 'plain'],
])('%j becomes %j', (text, safe) => {
  expect(plainText(text, 100)).toBe(safe)
})

test('what is no string is empty, what is long is cut', () => {
  expect(plainText({ toString: () => 'x' }, 10)).toBe('')
  expect(plainText('x'.repeat(10_000), 10)).toBe('xxxxxxxxx…')
})
