/** The doors of what callers pass beside the data: whatever comes is taken as it is, or refused as usage. */
import { describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { checkContentType, checkMetadata } from '../../src/artifact-store/check-metadata.js'
import { checkVersion } from '../../src/artifact-store/check-version.js'
import { checkTransfer } from '../../src/artifact-store/transfer-options.js'
import { isStackError } from '../../src/index.js'
import { parseTimeLimit } from '../../src/time/time-limit.js'

/** Whether a door takes an input; any error but `usage` is the test's. */
function takes(door: () => void): boolean {
  try {
    door()
    return true
  } catch (error) {
    if (isStackError(error, 'usage')) return false
    throw error
  }
}

/** Text of which some is what the doors take. */
const text = fc.oneof(
  hostileText,
  fc.stringMatching(/^[a-z0-9._-]{1,110}$/),
  fc.stringMatching(/^"[\x20-\x7e]{0,20}"$/),
  fc.stringMatching(/^[a-zA-Z]{1,9}\/[\x20-\x7e]{0,20}$/),
)

const metadata = fc.oneof(
  strangeValue,
  fc
    .array(fc.tuple(text, fc.oneof({ weight: 9, arbitrary: text }, strangeValue)), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries)),
)

describeDoor('metadata', metadata, (given) => {
  const prototype = Object.getOwnPropertyNames(Object.prototype).length
  if (!takes(() => checkMetadata(given))) return
  for (const [name, value] of Object.entries(given as Record<string, string>)) {
    // As a header holds it, in lower case and without a name that means something else.
    expect(name).toMatch(/^[a-z0-9][!-~]*$/)
    expect(name).toBe(name.toLowerCase())
    expect(decodeURIComponent(encodeURIComponent(value))).toBe(value)
    expect(Buffer.from(value).toString()).toBe(value)
  }
  expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(prototype)
})

describeDoor('content types', fc.oneof(text, strangeValue), (given) => {
  if (!takes(() => checkContentType(given))) return
  const contentType = given as string
  // What HTTP does to a header's value: nothing is trimmed, cut or begun anew.
  expect(new Headers({ 'content-type': contentType }).get('content-type')).toBe(contentType)
  expect(contentType).toMatch(/^[ -~]+$/)
})

describeDoor('versions', fc.oneof(text, strangeValue), (given) => {
  if (given === undefined || !takes(() => checkVersion(given))) return
  const version = given as string
  expect(new Headers({ 'if-match': version }).get('if-match')).toBe(version.trim())
  expect(version).not.toBe('*')
  // One version and no list of them.
  const quoted = version.replace(/^W\//, '').match(/^"[^"]*"$/) !== null
  expect(quoted || !/[",]/.test(version)).toBe(true)
})

const numbers = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), strangeValue)

describeDoor('time limits', numbers, (given) => {
  let limit: number | undefined
  if (!takes(() => (limit = parseTimeLimit('timeoutMs', given)))) return
  // What a timer takes as it is.
  expect(limit === undefined || (limit >= 0 && limit < 2 ** 31)).toBe(true)
  if (typeof given === 'number' && given < 2 ** 31) expect(limit).toBe(given)
})

describeDoor('sizes and counts of parts', fc.record({ partSize: numbers, concurrency: numbers }), (given) => {
  const options = given as { partSize: number; concurrency: number }
  if (!takes(() => checkTransfer(options))) return
  const { partSize = 1, concurrency = 1 } = options
  expect(Number.isSafeInteger(partSize * concurrency)).toBe(true)
  expect(partSize * concurrency).toBeGreaterThan(0)
})
