/** The XML of the protocol's listings and deletions. */
import { cutBlocks, escapeText, readGroups, textIn } from './flat-xml.js'
import type { DeleteFailure, ListAnswer, ListedObject } from './s3-calls.js'

const prefixGroups = new Set(['CommonPrefixes'])

/** What a page says before its keys are decoded. */
export interface ListPageXml extends ListAnswer {
  /** The parameter `start-after`, given back in the encoding of the keys. */
  readonly startAfter: string | undefined
}

/** Reads a page of ListObjectsV2, its keys through `decodeKey`. */
export function readListPage(xml: string, decodeKey: (text: string) => string): ListPageXml {
  const objects: ListedObject[] = []
  const prefixes: string[] = []
  const rest = cutBlocks(xml, 'Contents', (block) => objects.push(readObject(block, decodeKey)))
  const { IsTruncated, NextContinuationToken, StartAfter } = readGroups(rest, prefixGroups, (_, { Prefix = '' }) => {
    prefixes.push(decodeKey(Prefix))
  })
  return {
    objects,
    prefixes,
    startAfter: StartAfter,
    ...(IsTruncated === 'true' && NextContinuationToken ? { continuation: NextContinuationToken } : {}),
  }
}

function readObject(block: string, decodeKey: (text: string) => string): ListedObject {
  const modified = textIn(block, 'LastModified')
  return {
    key: decodeKey(textIn(block, 'Key') ?? ''),
    size: Number(textIn(block, 'Size') ?? 0),
    ...versionIn(block),
    ...(modified === undefined ? {} : { modifiedAt: new Date(modified) }),
  }
}

function versionIn(block: string): { version?: string } {
  const version = textIn(block, 'ETag')
  return version === undefined ? {} : { version }
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
