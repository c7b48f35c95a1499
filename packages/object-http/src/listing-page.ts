/** A page of a bucket's listing, as the store's entries. */
import { compareKeys, type Page, type Stat } from '@stack/core'
import type { BucketLocation } from './bucket-location.js'

/** What a bucket lists: objects, and where a delimiter is given what stands for all keys up to it. */
export interface ListedPage {
  /** Keys of the bucket, each described. */
  readonly objects: readonly Omit<Stat, 'kind'>[]
  /** Ending with the delimiter. */
  readonly prefixes: readonly string[]
}

/**
 * The entries below `prefix` (a prefix of the bucket's keys) in UTF-8 byte order, a directory counting as `name/`; an object
 * that marks a directory is one, and that of the prefix itself is left out.
 */
export function toPage(location: BucketLocation, prefix: string, { objects, prefixes }: ListedPage): Page {
  const found = [
    ...prefixes.map((key) => ({ key, object: undefined })),
    ...objects.filter(({ key }) => key !== prefix).map((object) => ({ key: object.key, object })),
  ]
  if (prefixes.length > 0 && objects.length > 0) found.sort((left, right) => compareKeys(left.key, right.key))
  return { entries: found.map(({ key, object }) => toEntry(location.storeKey(key), object)) }
}

function toEntry(key: string, object: Omit<Stat, 'kind'> | undefined): Stat {
  if (object === undefined || key.endsWith('/')) return { key: key.replace(/\/$/, ''), kind: 'directory', size: 0 }
  return { ...object, key, kind: 'file' }
}
