/** A page of a bucket's listing, as the store's entries. */
import { compareKeys, type Page, StackError, type Stat, sortKey } from '@stack/core'
import type { BucketLocation } from './bucket-location.js'
import { cutText } from './foreign-text.js'

/** What a bucket lists: objects, and where a delimiter is given what stands for all keys up to it. */
export interface ListedPage {
  /** Each described, with its key of the bucket; the page takes them over, to copy each costs as much as to read it. */
  readonly objects: readonly (Omit<Stat, 'key'> & { key: string })[]
  /** Ending with the delimiter. */
  readonly prefixes: readonly string[]
}

/** What is listed. */
export interface Listing {
  readonly location: BucketLocation
  /** Of the bucket's keys. */
  readonly prefix: string
  readonly delimiter?: '/' | undefined
}

/**
 * The entries below the prefix in UTF-8 byte order, each once, a directory counting as `name/`. Objects that mark directories
 * are objects here, their keys end with a slash: core makes directories of them. Keys that a delimiter should have held back
 * are what it would have made of them.
 * @throws StackError `unavailable` where a key is not below the prefix.
 */
export function toPage(listing: Listing, { objects, prefixes }: ListedPage): Page {
  const { location, prefix, delimiter } = listing
  const entries: Stat[] = []
  for (const object of objects) {
    const { key } = object
    if (!key.startsWith(prefix)) throw notBelow(prefix, key)
    const slash = delimiter === undefined ? -1 : key.indexOf('/', prefix.length)
    if (slash === -1) {
      object.key = location.storeKey(key)
      entries.push(object)
    } else {
      entries.push(directory(location.storeKey(key.slice(0, slash + 1))))
    }
  }
  for (const key of prefixes) {
    if (!key.startsWith(prefix) || key.length === prefix.length || !key.endsWith('/')) throw notBelow(prefix, key)
    entries.push(directory(location.storeKey(key)))
  }
  // The server gives each in order, but the two apart.
  if ((prefixes.length > 0 && objects.length > 0) || !isAscending(entries)) {
    entries.sort((left, right) => compareKeys(sortKey(left), sortKey(right)))
    return { entries: entries.filter((entry, index) => index === 0 || !isSame(entries[index - 1], entry)) }
  }
  return { entries }
}

function isAscending(entries: readonly Stat[]): boolean {
  let previous = ''
  for (const entry of entries) {
    const key = sortKey(entry)
    // In the order of JavaScript, which is quicker, and differs for few.
    if (previous >= key) return false
    previous = key
  }
  return true
}

function isSame(left: Stat | undefined, right: Stat): boolean {
  return left?.key === right.key && left.kind === right.kind
}

function directory(key: string): Stat {
  return { key: key.slice(0, -1), kind: 'directory', size: 0 }
}

function notBelow(prefix: string, key: string): StackError {
  const names = `${JSON.stringify(cutText(key))}, which is not below ${JSON.stringify(prefix)}`
  return new StackError('unavailable', `the server lists ${names}`)
}
