/** Translates between the protocol's words for an object and the store's. */
import { reservedMetadataName, type Stat, versionChanged } from '@stack/core'
import { readHeldRange, statedTime } from '@stack/object-http'

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
  const modifiedAt = statedTime(updated)
  return {
    key,
    kind: 'file',
    size: Number(size ?? 0),
    ...(generation === undefined ? {} : { version: generation }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(crc32c === undefined ? {} : { checksum: `crc32c:${crc32c}` }),
    ...userMetadata(metadata),
  }
}

function userMetadata(given: ObjectResource['metadata']): { metadata?: Readonly<Record<string, string>> } {
  if (given === undefined) return { metadata: {} }
  const { [reservedMetadataName]: _, ...metadata } = given
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

/**
 * What the head of an answer says of the object whose bytes it holds.
 * @throws StackError `unavailable` where it does not say which bytes those are.
 */
export function describeBody({ statusCode, headers }: { readonly statusCode: number; readonly headers: Headers }): {
  resource: ObjectResource
  range: { start: number; end: number }
} {
  const length = textOf(headers['content-length']) ?? textOf(headers['x-goog-stored-content-length'])
  const contentRange = textOf(headers['content-range'])
  const { total, ...range } = readHeldRange({ statusCode, contentLength: length, contentRange })
  const generation = textOf(headers['x-goog-generation'])
  const contentType = textOf(headers['content-type'])
  const updated = textOf(headers['last-modified'])
  const [, crc32c] = /crc32c=([A-Za-z0-9+/=]+)/.exec(String(headers['x-goog-hash'])) ?? []
  return {
    range,
    resource: {
      size: String(total),
      ...(generation === undefined ? {} : { generation }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(updated === undefined ? {} : { updated }),
      ...(crc32c === undefined ? {} : { crc32c }),
    },
  }
}

/** A header that stands there once, or the first of several. */
function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
