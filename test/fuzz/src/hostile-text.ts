/** Texts that do harm where they are believed: as paths, names, numbers, commands, or on a terminal. */
import fc from 'fast-check'

const known = [
  '',
  '.',
  '..',
  '../../../victim.txt',
  '/etc/passwd',
  'a/../../b',
  'C:\\victim.txt',
  '..\\victim.txt',
  'a\0b',
  'a//b',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'toString',
  '\u001b[2J\u001b]0;title\u0007',
  '\u202eevil',
  '\ud800',
  'us; rm -rf ~ #',
  '$(id)',
  '1e999',
  'NaN',
  '-0',
  'a'.repeat(5000),
]

/** A text that was made to do harm, or any other text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...known),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
