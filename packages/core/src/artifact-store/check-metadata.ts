/** Metadata and content types that every transport carries as they are; what one would lose, rename or alter is refused. */
import { StackError } from '../errors/stack-error.js'

/** The name under which stores of servers keep what they need for themselves. */
export const reservedMetadataName = 'stack-write'

/**
 * Header names: HTTP has no cases, some servers take `_` at the beginning for their own, and a prototype has such names. Ceph
 * keeps names of 100 characters, its own `user.rgw.x-amz-meta-` counted (`osd_max_attr_name_len`).
 */
const metadataName = /^[a-z0-9][a-z0-9._-]{0,79}$/

/** Bytes of all names and values: what GCS takes (https://cloud.google.com/storage/quotas#objects), less the store's own. */
const mostMetadataBytes = 8 * 1024 - 64

/** What a header holds without loss: visible ASCII, and spaces between. */
const headerText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** A type and its parameters are short; all headers of a request have to fit into 8 KiB. */
const longestContentType = 1024

/**
 * Refuses metadata that a store could not return as it was given.
 * @throws StackError `usage`
 */
export function checkMetadata(metadata: unknown): void {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new StackError('usage', 'metadata is an object of names and texts')
  }
  let bytes = 0
  for (const [name, value] of Object.entries(metadata)) {
    checkName(name)
    checkValue(name, value)
    bytes += name.length + Buffer.byteLength(value)
  }
  if (bytes > mostMetadataBytes) throw tooMuchMetadata(bytes, mostMetadataBytes)
}

/**
 * Refuses a content type that no header holds.
 * @throws StackError `usage`
 */
export function checkContentType(contentType: unknown): void {
  const holds = typeof contentType === 'string' && contentType.length <= longestContentType
  if (holds && headerText.test(contentType)) return
  const shown = typeof contentType === 'string' ? JSON.stringify(contentType.slice(0, 100)) : typeof contentType
  throw new StackError('usage', `the content type ${shown} fits no header`, {
    hint: 'Write it as type/subtype, in ASCII and without spaces around it.',
  })
}

/** The error for more metadata than a store takes. */
export function tooMuchMetadata(bytes: number, most: number): StackError {
  return new StackError('usage', `its metadata has ${bytes} bytes, more than the ${most} that the store takes`, {
    hint: 'Keep what is long in an object of its own.',
  })
}

function checkName(name: string): void {
  if (metadataName.test(name) && name !== reservedMetadataName) return
  throw new StackError('usage', `the name ${JSON.stringify(name.slice(0, 100))} cannot be one of metadata`, {
    hint: `Use up to 80 of a-z, 0-9, "-", "_" and ".", a letter or digit first; "${reservedMetadataName}" is kept for the store.`,
  })
}

function checkValue(name: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && value.isWellFormed() && !value.includes('\0')) return
  const reason = typeof value === 'string' ? 'holds NUL or half of a surrogate pair' : `is no text, but ${typeof value}`
  throw new StackError('usage', `the value of the metadata ${JSON.stringify(name)} ${reason}`)
}
