/** Translates between the protocol's words for an object and the store's. */
import { type Stat, versionChanged } from '@stack/core'

/** User metadata that a write leaves, to know its own work again. */
export const nonceName = 'stack-write'

/** An object as JSON tells it; sizes and generations are decimal strings. */
export interface ObjectResource {
  readonly name?: string
  readonly size?: string
  readonly generation?: string
  readonly updated?: string
  readonly contentType?: string
  readonly crc32c?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** The fields of an object that the store reads. */
export const resourceFields = 'name,size,generation,updated,contentType,crc32c,metadata'

/** Describes an object; the mark of a write is left out. */
export function toStat(key: string, resource: ObjectResource): Stat {
  const { size, generation, updated, contentType, crc32c, metadata } = resource
  return {
    key,
    kind: 'file',
    size: Number(size ?? 0),
    ...(generation === undefined ? {} : { version: generation }),
    ...(updated === undefined ? {} : { modifiedAt: new Date(updated) }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(crc32c === undefined ? {} : { checksum: `crc32c:${crc32c}` }),
    ...userMetadata(metadata),
  }
}

function userMetadata(given: ObjectResource['metadata']): { metadata?: Readonly<Record<string, string>> } {
  if (given === undefined) return { metadata: {} }
  const { [nonceName]: _, ...metadata } = given
  return { metadata }
}

/** Describes an object of whose metadata nothing was told. */
export function toEntry({ name = '', ...item }: ObjectResource): Stat {
  const { metadata: _, ...stat } = toStat(name, item)
  return stat
}

/**
 * A version is a generation; what is none, no object has.
 * @throws StackError `precondition-failed`
 */
export function toGeneration(version: string | undefined): string | undefined {
  if (version === undefined || /^[1-9]\d*$/.test(version)) return version
  throw versionChanged()
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What the headers of an answer say of the object whose bytes it holds. */
export function describeBody(headers: Headers): { resource: ObjectResource; range: { start: number; end: number } } {
  const length = Number(headers['content-length'] ?? headers['x-goog-stored-content-length'] ?? 0)
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(String(headers['content-range'])) ?? []
  const range = start === undefined ? { start: 0, end: length } : { start: Number(start), end: Number(last) + 1 }
  const { 'x-goog-generation': generation, 'content-type': contentType, 'last-modified': modified } = headers
  const [, crc32c] = /crc32c=([A-Za-z0-9+/=]+)/.exec(String(headers['x-goog-hash'])) ?? []
  return {
    range,
    resource: {
      size: total ?? String(length),
      ...(generation === undefined ? {} : { generation: String(generation) }),
      ...(contentType === undefined ? {} : { contentType: String(contentType) }),
      ...(modified === undefined ? {} : { updated: String(modified) }),
      ...(crc32c === undefined ? {} : { crc32c }),
    },
  }
}
