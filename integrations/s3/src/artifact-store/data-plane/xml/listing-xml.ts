/** The XML of the protocol's listings and deletions. */

import { StackError } from '@stack/core'
import { statedSize, statedTime } from '@stack/object-http'
import type { DeleteFailure, ListAnswer, ListedObject } from '../../calls/s3-calls.js'
import { cutBlocks, escapeText, readGroups, textIn } from './flat-xml.js'

const groups = new Set(['CommonPrefixes', 'Contents'])

/** What a page says before its keys are decoded. */
export interface ListPageXml extends ListAnswer {
  /** The parameter `start-after`, given back in the encoding of the keys. */
  readonly startAfter: string | undefined
}

/** Reads a page of ListObjectsV2, its keys through `decodeKey`. */
export function readListPage(xml: string, decodeKey: (text: string) => string): ListPageXml {
  const objects: ListedObject[] = []
  const prefixes: string[] = []
  const push = (text: TextOf) => objects.push(readObject(text, decodeKey))
  const rest = cutBlocks(xml, 'Contents', (block) => push((name) => textIn(block, name)))
  const { IsTruncated, NextContinuationToken, StartAfter } = readGroups(rest, groups, (group, texts) => {
    if (group === 'Contents') push((name) => texts[name])
    else prefixes.push(decodeKey(texts.Prefix ?? ''))
  })
  return { objects, prefixes, startAfter: StartAfter, ...continuationOf(IsTruncated === 'true', NextContinuationToken) }
}

/**
 * Where the next page begins.
 * @throws StackError `unavailable` where there is one and nobody knows.
 */
export function continuationOf(truncated: boolean, token: string | undefined): { continuation?: string } {
  if (!truncated) return {}
  if (token) return { continuation: token }
  throw new StackError('unavailable', 'the server cut its listing off, and does not say where it goes on')
}

type TextOf = (name: string) => string | undefined

function readObject(text: TextOf, decodeKey: (text: string) => string): ListedObject {
  const key = decodeKey(text('Key') ?? '')
  if (key === '') throw new StackError('unavailable', 'the server lists an object without a key')
  // Left out, or empty, where there is nothing to state.
  const size = statedSize(text('Size') || 0)
  const modifiedAt = statedTime(text('LastModified'))
  const version = text('ETag')
  // Written out, which is much quicker than to spread what there is.
  if (version && modifiedAt) return { key, kind: 'file', size, modifiedAt, version }
  return { key, kind: 'file', size, ...(version && { version }), ...(modifiedAt && { modifiedAt }) }
}

/** Writes the body of DeleteObjects. */
export function writeDeletion(keys: readonly string[]): string {
  const objects = keys.map((key) => `<Object><Key>${escapeText(key)}</Key></Object>`).join('')
  return `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`
}

/** Says whether a key can stand in XML at all. */
export function fitsXml(key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    const unit = key.charCodeAt(index)
    if (unit < 0x20 || unit === 0xfffe || unit === 0xffff) return false
  }
  return true
}

const errorGroups = new Set(['Error'])

/** Reads what DeleteObjects could not delete. */
export function readDeleteFailures(xml: string): readonly DeleteFailure[] {
  const failures: DeleteFailure[] = []
  readGroups(xml, errorGroups, (_, { Key = '', Code = '', Message = '' }) => {
    failures.push({ key: Key, code: Code, message: Message })
  })
  return failures
}
