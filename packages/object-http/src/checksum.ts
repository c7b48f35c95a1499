/** A CRC of 32 bits, as object stores write it. */

/** Base64 of its four bytes, the highest first. */
export function encodeCrc(sum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum >>> 0)
  return bytes.toString('base64')
}
