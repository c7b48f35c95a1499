/** The XML of the protocol's listings, deletions and errors. */
import { Parser } from 'htmlparser2'
import type { DeleteFailure, ListAnswer, ListedObject } from './s3-calls.js'

/** The texts of the elements within one, by name. */
type Texts = Readonly<Record<string, string>>

/**
 * Reads a document as flat groups: each element named in `groups` with the texts within it, and those outside any under `''`.
 * It is tolerant, since servers write characters that no XML may hold.
 */
function readGroups(xml: string, groups: ReadonlySet<string>, onGroup: (name: string, texts: Texts) => void): Texts {
  const outside: Record<string, string> = {}
  let group: { readonly name: string; readonly texts: Record<string, string> } | undefined
  let text = ''
  const parser = new Parser(
    {
      onopentagname(name) {
        text = ''
        if (groups.has(name)) group = { name, texts: {} }
      },
      ontext(piece) {
        text += piece
      },
      onclosetag(name) {
        if (name === group?.name) {
          onGroup(name, group.texts)
          group = undefined
        } else {
          ;(group?.texts ?? outside)[name] = text
        }
        text = ''
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(xml)
  return outside
}

const listGroups = new Set(['Contents', 'CommonPrefixes'])

/** What a page says before its keys are decoded. */
export interface ListPageXml extends ListAnswer {
  /** The parameter `start-after`, given back in the encoding of the keys. */
  readonly startAfter: string | undefined
}

/** Reads a page of ListObjectsV2, its keys through `decodeKey`. */
export function readListPage(xml: string, decodeKey: (text: string) => string): ListPageXml {
  const objects: ListedObject[] = []
  const prefixes: string[] = []
  const { IsTruncated, NextContinuationToken, StartAfter } = readGroups(xml, listGroups, (name, texts) => {
    if (name === 'CommonPrefixes') prefixes.push(decodeKey(texts.Prefix ?? ''))
    else objects.push(toListedObject(texts, decodeKey))
  })
  return {
    objects,
    prefixes,
    startAfter: StartAfter,
    ...(IsTruncated === 'true' && NextContinuationToken ? { continuation: NextContinuationToken } : {}),
  }
}

function toListedObject(
  { Key = '', Size, ETag, LastModified }: Texts,
  decodeKey: (text: string) => string,
): ListedObject {
  return {
    key: decodeKey(Key),
    size: Number(Size ?? 0),
    ...(ETag === undefined ? {} : { version: ETag }),
    ...(LastModified === undefined ? {} : { modifiedAt: new Date(LastModified) }),
  }
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

/** The texts of an error document; none where it is no such document. */
export function readErrorXml(xml: string): Texts {
  let found: Texts = {}
  readGroups(xml, errorGroups, (_, texts) => {
    found = texts
  })
  return found
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeText(text: string): string {
  return text.replaceAll(/[&<>]/g, (sign) => escapes[sign] ?? sign)
}
