/** What servers say in words, heads and pages, at the doors that both object stores share. */
import { isStackError } from '@stack/core'
import { describeDoor, hostileText, strangeValue } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import {
  BucketLocation,
  Continuations,
  checkHeldRange,
  cutText,
  hintWord,
  parseAnswer,
  readHeldRange,
  statedSize,
  statedTime,
} from '../src/index.js'
import { toPage } from '../src/listing-page.js'

/** A value, or the error of a server that is not to be believed. */
function open<Value>(door: () => Value): Value | undefined {
  try {
    return door()
  } catch (error) {
    if (!isStackError(error, 'unavailable')) throw error
    expect(error.message.length).toBeLessThan(600)
    return undefined
  }
}

describeDoor('words of a server', hostileText, (text) => {
  const shown = cutText(text)
  expect(Array.from(shown).length).toBeLessThanOrEqual(201)
  expect(shown).not.toMatch(/\p{C}/u)
  const word = hintWord(text)
  if (word !== undefined) expect(word).toMatch(/^[a-z0-9][a-z0-9-]*$/)
  open(() => parseAnswer(text))
})

describeDoor('a size and a time', fc.oneof(strangeValue, hostileText), (value) => {
  const size = open(() => statedSize(value))
  if (size !== undefined) expect(Number.isSafeInteger(size) && size >= 0).toBe(true)
  const time = statedTime(value)
  if (time !== undefined) expect(Number.isNaN(time.getTime())).toBe(false)
})

const number = fc.oneof(
  fc.nat(20).map(String),
  fc.constantFrom('', '-1', '9000000000000000', '1e3', '٣', '99999999999999999999'),
)
const range = fc.oneof(
  fc.tuple(number, number, number).map(([first, last, size]) => `bytes ${first}-${last}/${size}`),
  fc.tuple(number, number).map(([first, last]) => `bytes ${first}-${last}/*`),
  hostileText,
)
const head = fc.record({
  statusCode: fc.constantFrom(200, 206, 204),
  contentLength: fc.option(number, { nil: undefined }),
  contentRange: fc.option(range, { nil: undefined }),
})
const asked = fc.option(fc.record({ start: fc.nat(10), end: fc.nat(20) }), { nil: undefined })

describeDoor('the head of a body', fc.tuple(head, asked), ([stated, wanted]) => {
  const held = open(() => readHeldRange(stated))
  if (held === undefined) return
  expect(held.start).toBeLessThanOrEqual(held.end)
  expect(held.end).toBeLessThanOrEqual(held.total)
  if (wanted !== undefined && wanted.start >= wanted.end) return
  try {
    checkHeldRange(held, held.total, wanted)
  } catch (error) {
    if (!isStackError(error, 'range-not-satisfiable') && !isStackError(error, 'unavailable')) throw error
    return
  }
  if (wanted !== undefined) expect([held.start, held.end]).toEqual([wanted.start, Math.min(wanted.end, held.total)])
})

const location = new BucketLocation({ authority: 'bucket', segments: ['root'] })
const key = fc.oneof(
  hostileText,
  hostileText.map((text) => `root/d/${text}`),
  fc.constantFrom('root/d/', 'root/d', 'root/d/a', 'root/d/a/', 'root/d/a/b', 'root/d//', 'root/d/../x'),
)
const pages = fc.record({
  keys: fc.array(key, { maxLength: 8 }),
  prefixes: fc.array(
    fc.oneof(
      key,
      key.map((text) => `${text}/`),
    ),
    { maxLength: 4 },
  ),
  delimiter: fc.constantFrom('/' as const, undefined),
})

describeDoor('a page of a listing', pages, ({ keys, prefixes, delimiter }) => {
  const objects = keys.map((name) => ({ key: name, kind: 'file' as const, size: 1 }))
  const page = open(() => toPage({ location, prefix: 'root/d/', delimiter }, { objects, prefixes }))
  if (page === undefined) return
  const found = page.entries.map(({ key: name, kind }) => `${kind} ${name}`)
  expect(new Set(found).size).toBe(found.length)
  for (const entry of page.entries) {
    expect(entry.key.startsWith('d/')).toBe(true)
    if (delimiter !== undefined && entry.kind === 'file') expect(entry.key.slice(2)).not.toContain('/')
  }
})

describeDoor('tokens of pages', fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 40 }), (tokens) => {
  const continuations = new Continuations()
  let ended = false
  for (const [token, broughtNew] of tokens) {
    if (open(() => continuations.next(String(token), broughtNew) ?? true) !== true) ended = true
  }
  // Of four tokens that all come again and again one is found out.
  if (tokens.length > 12) expect(ended).toBe(true)
})
