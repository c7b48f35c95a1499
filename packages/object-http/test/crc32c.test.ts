/** CRC-32C, by what computes it at first and by what is loaded for many bytes. */
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32cAsItPays } from '../src/crc32c.js'

/** The check value of CRC-32/ISCSI: https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-32-iscsi */
const check = { bytes: Buffer.from('123456789'), sum: 0xe3069283 }
const many = Buffer.alloc(64 * 1024 ** 2)

function computeMany(compute: (bytes: Uint8Array) => number): void {
  for (let bytes = 0; bytes <= 256 * 1024 ** 2; bytes += many.length) compute(many)
}

test('the sum is the published one before and after aws-crt is loaded', () => {
  const compute = crc32cAsItPays()
  expect(compute(check.bytes)).toBe(check.sum)
  const { cache, resolve } = createRequire(import.meta.url)
  const program = resolve('aws-crt/dist/native/checksums')
  expect(cache[program]).toBeUndefined()
  computeMany(compute)
  expect(cache[program]?.loaded).toBe(true)
  expect(compute(check.bytes)).toBe(check.sum)
})

test('both compute the same of any pieces of memory, one after the other', () => {
  const slow = crc32cAsItPays(() => undefined)
  const fast = crc32cAsItPays()
  computeMany(fast)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(5000), fc.nat(5000), (bytes, left, right) => {
      const [start = 0, end = 0] = [left % (bytes.length + 1), right % (bytes.length + 1)].sort((a, b) => a - b)
      const pieces = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)]
      const sum = slow(bytes)
      for (const compute of [slow, fast]) {
        expect(pieces.reduce((previous, piece) => compute(piece, previous), 0)).toBe(sum)
      }
    }),
  )
})

test('what cannot be loaded is asked for once, and the sums go on', () => {
  let asked = 0
  const compute = crc32cAsItPays(() => {
    asked += 1
    return undefined
  })
  computeMany(compute)
  computeMany(compute)
  expect(asked).toBe(1)
  expect(compute(check.bytes)).toBe(check.sum)
})
