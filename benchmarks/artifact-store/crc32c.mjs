/** CRC-32C by a table, of the few bytes that the stub server answers for. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

export function crc32c(bytes, previous = 0) {
  let sum = ~previous
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff]
  return (sum ^ 0xffffffff) >>> 0
}
