/** The CRC of bytes that were checked piece by piece, by arithmetic over polynomials modulo 2, as zlib does it. */
import type { Crc } from './driver.js'

/** The generator polynomials, the lowest power in the highest bit; x³² is left out. */
const polynomials = { crc32: 0xedb88320, crc32c: 0x82f63b78 } as const

/** For each polynomial x to the power of 2ⁿ, by n, as far as it was needed. */
const powers: Record<Crc['name'], number[]> = { crc32: [1 << 30], crc32c: [1 << 30] }

/** The CRC of two pieces in a row, of which the second has `length` bytes. */
export function combineCrc(name: Crc['name'], first: number, second: number, length: number): number {
  return (multiply(name, shift(name, length), first) ^ second) >>> 0
}

/** The form of a CRC in `Stat.checksum`. */
export function formatCrc(name: Crc['name'], sum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum >>> 0)
  return `${name}:${bytes.toString('base64')}`
}

/** x to the power of the bits in so many bytes. */
function shift(name: Crc['name'], length: number): number {
  let product = 1 << 31
  // A byte has 2³ bits. Lengths may be beyond what bitwise operators take.
  for (let rest = length, exponent = 3; rest > 0; rest = Math.floor(rest / 2), exponent += 1) {
    if (rest % 2 === 1) product = multiply(name, power(name, exponent), product)
  }
  return product
}

function power(name: Crc['name'], exponent: number): number {
  const known = powers[name]
  while (known.length <= exponent) {
    const last = known.at(-1) as number
    known.push(multiply(name, last, last))
  }
  return known[exponent] as number
}

function multiply(name: Crc['name'], left: number, right: number): number {
  let product = 0
  let factor = right
  for (let bit = 31; bit >= 0; bit -= 1) {
    if ((left >>> bit) & 1) product ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ polynomials[name] : factor >>> 1
  }
  return product
}
