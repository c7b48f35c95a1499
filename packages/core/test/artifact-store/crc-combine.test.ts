/** CRCs of pieces put together are the CRC of the whole. */
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { combineCrc, formatCrc } from '../../src/artifact-store/crc-combine.js'
import { pattern } from './memory-driver.js'

/** CRC-32C, bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

describe.each([
  ['crc32', (bytes: Uint8Array) => crc32(bytes)],
  ['crc32c', crc32c],
] as const)('combining %s', (name, of) => {
  test.each([
    [0, 0],
    [0, 9],
    [9, 0],
    [1, 1],
    [1000, 1],
    [1, 1000],
    [977, 4096],
    [3, 70_000],
  ])('of %i and %i bytes', (first, second) => {
    const bytes = pattern(first + second)
    const combined = combineCrc(name, of(bytes.subarray(0, first)), of(bytes.subarray(first)), second)
    expect(combined).toBe(of(bytes))
  })

  test('of a piece longer than bitwise operators count', () => {
    // By two halves or at once: zeros change a CRC in one way.
    const half = 2 ** 33
    const atOnce = combineCrc(name, 0x12345678, 0, 2 * half)
    expect(combineCrc(name, combineCrc(name, 0x12345678, 0, half), 0, half)).toBe(atOnce)
  })
})

test('a CRC is written as base64 of its four bytes, the highest first', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(formatCrc('crc32c', 0xe3069283)).toBe('crc32c:4waSgw==')
  expect(formatCrc('crc32', crc32(Buffer.from('123456789')))).toBe('crc32:y/Q5Jg==')
})
