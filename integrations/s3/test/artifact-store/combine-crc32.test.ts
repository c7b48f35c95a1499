/** CRCs of parts against that of the whole. */
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { combineCrc32 } from '../../src/artifact-store/combine-crc32.js'

it.each([0, 1, 2, 255, 4096, 100_003])('gives the CRC of the whole where the second piece has %s bytes', (size) => {
  const whole = Buffer.from(Array.from({ length: 777 + size }, (_, index) => (index * 31 + (index >> 3)) % 256))
  const second = whole.subarray(777)
  expect(combineCrc32(crc32(whole.subarray(0, 777)), { crc: crc32(second), size })).toBe(crc32(whole))
})

it('takes a second piece of more than 4 GiB', () => {
  const nothing = Buffer.alloc(1024 ** 2)
  let sum = crc32('first')
  for (let mebibyte = 0; mebibyte < 16; mebibyte += 1) sum = crc32(nothing, sum)
  let combined = crc32('first')
  for (let piece = 0; piece < 2; piece += 1) {
    combined = combineCrc32(combined, { crc: crc32(Buffer.alloc(8 * 1024 ** 2)), size: 8 * 1024 ** 2 })
  }
  expect(combined).toBe(sum)
  const large = { crc: 0, size: 5 * 1024 ** 3 + 7 }
  let stepped = combineCrc32(combineCrc32(sum, { crc: 0, size: 5 * 1024 ** 3 }), { crc: 0, size: 7 })
  expect(combineCrc32(sum, large)).toBe(stepped)
  stepped = sum
  for (let gibibyte = 0; gibibyte < 5; gibibyte += 1) stepped = combineCrc32(stepped, { crc: 0, size: 1024 ** 3 })
  expect(combineCrc32(stepped, { crc: 0, size: 7 })).toBe(combineCrc32(sum, large))
})
