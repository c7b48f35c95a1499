/** The body of an opened object: where it is cut off, it goes on from there, of the same version. */
import { type Crc, StackError } from '@stack/core'
import { encodeCrc } from './checksum.js'

/** Continuations without a byte in between, before a cut body counts as lost. */
const maximumContinuations = 10

/** Bytes of an object on their way. */
export interface OpenedObject {
  /** End exclusive. */
  readonly range: { readonly start: number; readonly end: number }
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends a body that is not read to its end. */
  close(): void
}

/** Where a body comes from, and what its bytes have to be. */
export interface ObjectSource {
  /** Opens a range of the same version; `precondition-failed` where there is another by now. */
  reopen(range: { readonly start: number; readonly end: number }): Promise<OpenedObject>
  isTransient(error: unknown): boolean
  /** Of all that the body holds, where that is known. */
  readonly checksum?: { readonly crc: Crc; readonly base64: string } | undefined
}

/**
 * Yields the bytes of an object once.
 * @throws StackError `checksum-mismatch` at the end, where they are not the bytes that were written.
 */
export async function* readBody(
  opened: OpenedObject,
  source: ObjectSource,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { start, end } = opened.range
  const { checksum } = source
  let current = opened
  let position = start
  let sum = 0
  let vain = 0
  try {
    for (;;) {
      try {
        for await (const chunk of current.chunks) {
          position += chunk.byteLength
          if (position > end) throw new StackError('unavailable', 'the server sent more bytes than it announced')
          if (chunk.byteLength > 0) vain = 0
          if (checksum !== undefined) sum = checksum.crc.of(chunk, sum)
          yield chunk
        }
        if (position === end) break
      } catch (error) {
        if (!source.isTransient(error) || vain >= maximumContinuations) throw error
        if (position === end) break
      }
      vain += 1
      if (vain > maximumContinuations)
        throw new StackError('unavailable', 'the server cuts its bytes off again and again')
      current = await source.reopen({ start: position, end })
      if (current.range.start !== position)
        throw new StackError('unavailable', 'the server sent another range than asked')
    }
  } finally {
    current.close()
  }
  if (checksum !== undefined && encodeCrc(sum) !== checksum.base64) {
    const name = checksum.crc.name === 'crc32' ? 'CRC-32' : 'CRC-32C'
    throw new StackError('checksum-mismatch', `its bytes have another ${name} than those that were written`)
  }
}
