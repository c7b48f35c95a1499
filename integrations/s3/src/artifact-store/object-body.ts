/** The body of an opened object: where it is cut off, it goes on from there, of the same version. */
import { crc32 } from 'node:zlib'
import { StackError } from '@stack/core'
import { encodeCrc32 } from './data-plane.js'
import { isTransient } from './retry.js'
import type { OpenedObject, ReadRequest } from './s3-calls.js'

/** Continuations without a byte in between, before a cut body counts as lost. */
const maximumContinuations = 10

/**
 * Yields the bytes of an object once.
 * @throws StackError `checksum-mismatch` at the end, where they are not the bytes that were written.
 */
export async function* readBody(
  opened: OpenedObject,
  reopen: (request: ReadRequest) => Promise<OpenedObject>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { range, description } = opened
  const whole = range.start === 0 && range.end === description.size
  let current = opened
  let position = range.start
  let sum = 0
  let vain = 0
  try {
    for (;;) {
      try {
        for await (const chunk of current.chunks) {
          position += chunk.byteLength
          vain = 0
          if (whole && description.crc32 !== undefined) sum = crc32(chunk, sum)
          yield chunk
        }
        break
      } catch (error) {
        vain += 1
        if (!isTransient(error) || vain > maximumContinuations) throw error
        if (position >= range.end) break
        current = await reopen({ range: `bytes=${position}-${range.end - 1}`, ifMatch: description.version })
      }
    }
  } finally {
    current.close()
  }
  if (whole && description.crc32 !== undefined && encodeCrc32(sum) !== description.crc32) {
    throw new StackError('checksum-mismatch', 'its bytes have another CRC-32 than those that were written')
  }
}
