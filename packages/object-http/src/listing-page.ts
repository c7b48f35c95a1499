/** A page of a bucket's listing, as the store's entries. */
import { compareKeys, type Page, type Stat, sortKey } from '@stack/core'
import type { BucketLocation } from './bucket-location.js'

/** What a bucket lists: objects, and where a delimiter is given what stands for all keys up to it. */
export interface ListedPage {
  /** Each described, with its key of the bucket; the page takes them over, to copy each costs as much as to read it. */
  readonly objects: readonly (Omit<Stat, 'key'> & { key: string })[]
  /** Ending with the delimiter. */
  readonly prefixes: readonly string[]
}

/**
 * The entries below `prefix` (a prefix of the bucket's keys) in UTF-8 byte order, a directory counting as `name/`; an object
 * that marks a directory is one, and that of the prefix itself is left out.
 */
export function toPage(location: BucketLocation, prefix: string, { objects, prefixes }: ListedPage): Page {
  const entries: Stat[] = []
  for (const object of objects) {
    if (object.key === prefix) continue
    object.key = location.storeKey(object.key)
    entries.push(object.key.endsWith('/') ? directory(object.key) : object)
  }
  for (const key of prefixes) entries.push(directory(location.storeKey(key)))
  // The server gives each in order, but the two apart.
  if (prefixes.length > 0 && objects.length > 0) {
    entries.sort((left, right) => compareKeys(sortKey(left), sortKey(right)))
  }
  return { entries }
}

function directory(key: string): Stat {
  return { key: key.endsWith('/') ? key.slice(0, -1) : key, kind: 'directory', size: 0 }
}
