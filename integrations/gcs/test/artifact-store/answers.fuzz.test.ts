/** What servers answer in JSON and in headers: objects, listings, copies, errors. */
import { isStackError } from '@stack/core'
import { damagedBytes, damagedJson, describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { GcsAnswerError } from '../../src/artifact-store/answer-error.js'
import { toGcsError } from '../../src/artifact-store/gcs-error.js'
import { describeBody, toEntry, toStat } from '../../src/artifact-store/gcs-object.js'
import { readListing, readResource, readRewrite } from '../../src/artifact-store/read-resource.js'

function open<Value>(door: () => Value): Value | undefined {
  try {
    return door()
  } catch (error) {
    if (!isStackError(error, 'unavailable')) throw error
    expect(error.message.length).toBeLessThan(700)
    expect(error.message).not.toMatch(/\p{Cc}/u)
    return undefined
  }
}

const object = {
  name: 'root/a',
  size: '3',
  generation: '1732528800000000',
  updated: '2026-11-25T10:00:00.000Z',
  contentType: 'text/plain',
  crc32c: 'AAAAAA==',
  metadata: { colour: 'red', 'stack-write': 'nonce' },
}

function checkStat(stat: ReturnType<typeof toStat>): void {
  expect(Number.isSafeInteger(stat.size) && stat.size >= 0).toBe(true)
  if (stat.modifiedAt !== undefined) expect(Number.isNaN(stat.modifiedAt.getTime())).toBe(false)
  if (stat.version !== undefined) expect(stat.version).toMatch(/^\d{1,20}$/)
  for (const text of Object.values(stat.metadata ?? {})) expect(typeof text).toBe('string')
}

describeDoor('the JSON of an object', damagedJson(object), (value) => {
  const resource = open(() => readResource(value))
  if (resource !== undefined) checkStat(toStat('key', resource))
})

const page = {
  kind: 'storage#objects',
  nextPageToken: 't',
  prefixes: ['root/d/'],
  items: [object, { ...object, name: 'root/b' }],
}

describeDoor('the JSON of a listing', fc.tuple(damagedJson(page), fc.boolean()), ([value, sized]) => {
  const listing = open(() => readListing(value, { sized }))
  if (listing === undefined) return
  for (const item of listing.items) checkStat(toEntry(item))
  for (const text of [...listing.prefixes, ...listing.items.map(({ name }) => name)]) expect(typeof text).toBe('string')
  expect(['string', 'undefined']).toContain(typeof listing.nextPageToken)
})

const rewrite = { done: false, rewriteToken: 't', totalBytesRewritten: '1', resource: object }

describeDoor('the JSON of a copy', damagedJson(rewrite), (value) => {
  const copy = open(() => readRewrite(value))
  if (copy !== undefined) expect([typeof copy.done, Number.isSafeInteger(copy.copiedBytes)]).toEqual(['boolean', true])
})

const error = { error: { code: 400, message: 'no', errors: [{ reason: 'invalid', message: 'no' }] } }
const bodies = fc.oneof(
  damagedJson(error).map((value) => JSON.stringify(value) ?? ''),
  damagedBytes(JSON.stringify(error)).map((bytes) => Buffer.from(bytes).toString('utf8')),
  hostileText,
)
const statuses = fc.constantFrom(302, 304, 400, 401, 403, 404, 409, 412, 416, 418, 429, 500, 503)

describeDoor('an error', fc.tuple(bodies, statuses, hostileText), ([text, status, location]) => {
  const mapped = toGcsError(new GcsAnswerError({ status, text, headers: { location } }), {
    bucket: 'bucket',
    endpoint: 'http://127.0.0.1',
  })
  if (!isStackError(mapped)) throw mapped
  expect(mapped.message.length).toBeLessThan(700)
  expect(`${mapped.message}${mapped.hint}`).not.toMatch(/\p{Cc}/u)
})

const names = fc.constantFrom(
  ...['content-length', 'content-range', 'x-goog-generation', 'x-goog-hash', 'last-modified', 'content-type'],
  'x-goog-stored-content-length',
)
const header = fc.oneof(hostileText, fc.constantFrom('bytes 0-1/2', 'bytes 5-1/2', '2', '-1', 'crc32c=AAAAAA=='))

describeDoor(
  'the headers of an object',
  fc.tuple(fc.dictionary(names, header, { maxKeys: 7 }), fc.constantFrom(200, 206)),
  ([headers, statusCode]) => {
    const described = open(() => describeBody({ statusCode, headers }))
    if (described === undefined) return
    expect(described.range.end).toBeLessThanOrEqual(toEntry({ ...described.resource, name: 'a' }).size)
  },
)
