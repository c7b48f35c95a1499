/** What servers answer in XML and in headers: listings, errors, uploads in parts, heads of objects. */
import { isStackError } from '@stack/core'
import { damagedBytes, describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { describeObject, rangeOf } from '../../src/artifact-store/calls/object-headers.js'
import { checkDocument, type DocumentName } from '../../src/artifact-store/data-plane/xml/document.js'
import { readErrorXml, readTexts } from '../../src/artifact-store/data-plane/xml/flat-xml.js'
import { ListingKeys } from '../../src/artifact-store/data-plane/xml/listing-keys.js'
import { readDeleteFailures, readListPage } from '../../src/artifact-store/data-plane/xml/listing-xml.js'
import { readUploads } from '../../src/artifact-store/data-plane/xml/multipart-xml.js'
import { S3AnswerError } from '../../src/artifact-store/failures/answer-error.js'
import { toS3Error } from '../../src/artifact-store/failures/s3-error.js'
import { isSameVersion, toEntityTag, toStat } from '../../src/artifact-store/s3-object.js'

function open<Value>(door: () => Value): Value | undefined {
  try {
    return door()
  } catch (error) {
    if (!isStackError(error, 'unavailable')) throw error
    return undefined
  }
}

/** A document that was damaged, or in which words of harm stand. */
function documents(valid: string): fc.Arbitrary<string> {
  const damaged = damagedBytes(valid).map((bytes) => Buffer.from(bytes).toString('utf8'))
  const spoken = hostileText.map((text) => valid.replace('WORD', text))
  return fc.oneof(damaged, spoken)
}

const listing = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>root/</Prefix><StartAfter>%2B%25</StartAfter>
<IsTruncated>true</IsTruncated><NextContinuationToken>WORD</NextContinuationToken><Contents><Key>root/WORD</Key>
<LastModified>2026-11-25T10:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag><Size>3</Size></Contents><Contents><Key>root/b%2B%20+</Key>
<ETag>&#34;2&#x22;</ETag><Size>0</Size></Contents><CommonPrefixes><Prefix>root/d/</Prefix></CommonPrefixes></ListBucketResult>`

describeDoor('the XML of a listing', documents(listing), async (xml) => {
  open(() => checkDocument(xml, 'ListBucketResult'))
  const keys = new ListingKeys(async () => readListPage(xml, (text) => text))
  let page: ReturnType<typeof readListPage>
  try {
    page = readListPage(xml, await keys.decoder(xml, { prefix: 'root/' }))
  } catch (error) {
    if (!isStackError(error, 'unavailable')) throw error
    return
  }
  for (const { key, size, modifiedAt } of page.objects) {
    expect(key).not.toBe('')
    expect(Number.isSafeInteger(size) && size >= 0).toBe(true)
    if (modifiedAt !== undefined) expect(Number.isNaN(modifiedAt.getTime())).toBe(false)
  }
})

const uploads = `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>i</NextUploadIdMarker>
<Upload><Key>WORD</Key><UploadId>u</UploadId><Initiated>2026-11-25T10:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>`

describeDoor('the XML of unfinished uploads', documents(uploads), (xml) => {
  open(() => checkDocument(xml, 'ListMultipartUploadsResult'))
  for (const { key, uploadId, startedAt } of open(() => readUploads(xml))?.uploads ?? []) {
    expect([key === '', uploadId === '', Number.isNaN(startedAt.getTime())]).toEqual([false, false, false])
  }
})

const answers: readonly (readonly [DocumentName, string])[] = [
  ['InitiateMultipartUploadResult', '<Bucket>b</Bucket><Key>k</Key><UploadId>WORD</UploadId>'],
  ['CompleteMultipartUploadResult', '<Location>l</Location><ETag>&quot;WORD-2&quot;</ETag>'],
  ['CopyObjectResult', '<LastModified>2026-11-25T10:00:00.000Z</LastModified><ETag>WORD</ETag>'],
  ['CopyPartResult', '<ETag>WORD</ETag>'],
  ['ListPartsResult', '<Part><PartNumber>1</PartNumber><ETag>WORD</ETag></Part>'],
  ['DeleteResult', '<Error><Key>k</Key><Code>WORD</Code><Message>no</Message></Error>'],
]
const anyAnswer = fc
  .constantFrom(...answers)
  .chain(([name, content]) => documents(`<${name}>${content}</${name}>`).map((xml) => [name, xml] as const))

describeDoor('the XML of uploads in parts, copies and deletions', anyAnswer, ([name, xml]) => {
  if (open(() => checkDocument(xml, name) ?? true) === undefined) return
  for (const text of Object.values(readTexts(xml))) expect(typeof text).toBe('string')
  for (const failure of readDeleteFailures(xml))
    expect(Object.values(failure).every((text) => typeof text === 'string')).toBe(true)
})

const error = `<?xml version="1.0"?><Error><Code>WORD</Code><Message>WORD</Message><Region>WORD</Region></Error>`
const statuses = fc.constantFrom(200, 301, 302, 307, 400, 403, 404, 409, 412, 416, 418, 500, 503)
const subject = { bucket: 'bucket', region: 'us-east-1', endpoint: 'http://127.0.0.1' }

describeDoor('the XML of an error', fc.tuple(documents(error), statuses, hostileText), ([xml, status, region]) => {
  const { Code, Message = xml, Region = region } = readErrorXml(xml)
  const headers = { 'x-amz-bucket-region': Region, location: region }
  const mapped = toS3Error(new S3AnswerError({ status, code: Code, message: Message, headers }), subject)
  if (!isStackError(mapped)) throw mapped
  expect(mapped.message.length).toBeLessThan(700)
  expect(mapped.message).not.toMatch(/\p{Cc}/u)
  if (mapped.hint?.includes('--region=')) expect(mapped.hint).toMatch(/--region=[a-z0-9][a-z0-9-]*$/)
})

const headerNames = fc.constantFrom(
  ...['etag', 'last-modified', 'content-type', 'content-length', 'content-range', 'x-amz-checksum-crc32'],
  ...['x-amz-meta-a', 'x-amz-meta-__proto__', 'x-amz-meta-constructor', 'x-amz-checksum-type'],
)
const header = fc.oneof(hostileText, fc.constantFrom('"1"', '%', '%zz', 'bytes 0-1/2', 'bytes 5-1/2', '12', '-1'))
const headers = fc.dictionary(headerNames, header, { maxKeys: 8 })

describeDoor('the headers of an object', fc.tuple(headers, fc.constantFrom(200, 206)), ([given, status]) => {
  let closed = 0
  const range = open(() => rangeOf(status, given, () => (closed += 1)))
  if (range === undefined) {
    expect(closed).toBe(1)
    return
  }
  const stat = toStat('key', describeObject(given, range.total))
  expect(stat.size).toBe(range.total)
  expect(Object.getPrototypeOf(stat.metadata ?? {})).toBe(Object.prototype)
  if (stat.modifiedAt !== undefined) expect(Number.isNaN(stat.modifiedAt.getTime())).toBe(false)
})

describeDoor('versions', fc.tuple(hostileText, hostileText), ([left, right]) => {
  isSameVersion(left, right)
  try {
    expect(toEntityTag(left)).toMatch(/^[\x21-\x7e]+$/)
    expect(['*', '']).not.toContain(left)
  } catch (thrown) {
    if (!isStackError(thrown, 'precondition-failed')) throw thrown
  }
})
