/** The CRCs of 32 bits that object stores keep, by the processor's own instructions: several times as fast as zlib's. */
import { crc32 as computeCrc32 } from '@node-rs/crc32'
import type { Crc } from '@stack/core'
import { crc32cAsItPays } from './crc32c.js'

export const crc32: Crc = { name: 'crc32', of: (bytes, previous) => computeCrc32(bytes, previous) }
export const crc32c: Crc = { name: 'crc32c', of: crc32cAsItPays() }

/** Base64 of its four bytes, the highest first, as they are written in headers. */
export function encodeCrc(sum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum >>> 0)
  return bytes.toString('base64')
}
