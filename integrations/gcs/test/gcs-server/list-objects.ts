/** Lists a bucket, in pages. */
import { compareKeys } from '@stack/core'
import type { Bucket } from './bucket.js'
import { invalid } from './request-error.js'
import { toResource } from './resource-fields.js'

export function listObjects(bucket: Bucket, query: ReadonlyMap<string, string>, pageSize: number): object {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter')
  const startOffset = query.get('startOffset') ?? ''
  const pageToken = query.get('pageToken')
  const limit = Math.min(Number(query.get('maxResults') ?? pageSize), pageSize)
  if (!(limit > 0)) throw invalid('Invalid value for maxResults.')
  const after = pageToken === undefined ? undefined : Buffer.from(pageToken, 'base64url').toString()

  const items: unknown[] = []
  const prefixes: string[] = []
  let last: string | undefined
  for (const name of bucket.names()) {
    if (!name.startsWith(prefix) || compareKeys(name, startOffset) < 0) continue
    const end = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length)
    const group = end === -1 ? undefined : name.slice(0, end + (delimiter ?? '').length)
    const entry = group ?? name
    if (entry === last || (after !== undefined && compareKeys(entry, after) <= 0)) continue
    if (items.length + prefixes.length === limit) {
      const nextPageToken = Buffer.from(last ?? '').toString('base64url')
      return { kind: 'storage#objects', ...present({ items, prefixes }), nextPageToken }
    }
    last = entry
    if (group === undefined) items.push(toResource(bucket.name, bucket.find(name)))
    else prefixes.push(group)
  }
  return { kind: 'storage#objects', ...present({ items, prefixes }) }
}

/** Empty lists are left out. */
function present(lists: Readonly<Record<string, readonly unknown[]>>): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
}
