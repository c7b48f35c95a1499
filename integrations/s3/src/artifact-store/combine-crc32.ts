/** The CRC-32 of an object from those of its parts, after zlib's `crc32_combine`: https://github.com/madler/zlib/blob/v1.3.1/crc32.c */

/** The polynomial of CRC-32, its bits reversed. */
const polynomial = 0xedb88320

/** Multiplies two polynomials over GF(2), modulo that of CRC-32. */
function multiply(left: number, right: number): number {
  let product = 0
  let shifted = right
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) product ^= shifted
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial
  }
  return product >>> 0
}

/** x to the powers 2⁰, 2¹, … 2³¹; after these they repeat. */
const squares = [0x40000000]
while (squares.length < 32) {
  const last = squares.at(-1) ?? 0
  squares.push(multiply(last, last))
}

/** The factor that moves a CRC past so many bytes. */
function shiftBy(bytes: number): number {
  let factor = 0x80000000
  // A byte is 2³ bits.
  for (let rest = bytes, power = 3; rest > 0; rest = Math.floor(rest / 2), power += 1) {
    if (rest % 2 === 1) factor = multiply(squares[power % 32] ?? 0, factor)
  }
  return factor
}

/** The CRC of two pieces, one behind the other, from that of each and the length of the second. */
export function combineCrc32(first: number, second: { readonly crc: number; readonly size: number }): number {
  return (multiply(shiftBy(second.size), first) ^ second.crc) >>> 0
}
