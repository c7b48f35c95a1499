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
  /** The same bytes without an iteration, where there is a shorter way into the target; a failure is told beside them. */
  readonly fill?: (target: Uint8Array) => Promise<{ readonly bytes: number; readonly failure?: unknown }>
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
  const body = new ContinuedBody(opened, source)
  let position = start
  let sum = 0
  let failure: unknown
  try {
    do {
      failure = undefined
      try {
        for await (const chunk of body.current.chunks) {
          position += chunk.byteLength
          if (position > end) throw tooLong()
          if (checksum !== undefined) sum = checksum.crc.of(chunk, sum)
          yield chunk
        }
      } catch (error) {
        failure = error
      }
    } while (await body.continueAt(position, failure))
  } finally {
    body.current.close()
  }
  verify(checksum, sum)
}

/**
 * Fills the target with the bytes of an object; gives their count.
 * @throws StackError `checksum-mismatch` at the end, where they are not the bytes that were written.
 */
export async function fillWithBody(target: Uint8Array, opened: OpenedObject, source: ObjectSource): Promise<number> {
  const { start, end } = opened.range
  const { checksum } = source
  const body = new ContinuedBody(opened, source)
  let filled = 0
  let failure: unknown
  try {
    do {
      const rest = filled === 0 ? target : target.subarray(filled)
      const placed = await (body.current.fill?.(rest) ?? fillByChunks(rest, body.current.chunks))
      filled += placed.bytes
      failure = placed.failure
      if (filled > end - start) throw tooLong()
    } while (await body.continueAt(start + filled, failure))
  } finally {
    body.current.close()
  }
  if (checksum !== undefined) verify(checksum, checksum.crc.of(target.subarray(0, filled)))
  return filled
}

async function fillByChunks(target: Uint8Array, chunks: AsyncIterable<Uint8Array>) {
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      if (bytes + chunk.byteLength > target.byteLength) throw tooLong()
      target.set(chunk, bytes)
      bytes += chunk.byteLength
    }
    return { bytes }
  } catch (failure) {
    return { bytes, failure }
  }
}

/** The openings of one body, each going on where the one before was cut off. */
class ContinuedBody {
  current: OpenedObject
  readonly #end: number
  readonly #source: ObjectSource
  #position: number
  /** Openings since the last byte. */
  #vain = 0

  constructor(opened: OpenedObject, source: ObjectSource) {
    this.current = opened
    this.#source = source
    this.#position = opened.range.start
    this.#end = opened.range.end
  }

  /** Opens the rest of a body that stopped there, by a failure or by an early end; false where all of it is there. */
  async continueAt(position: number, failure: unknown): Promise<boolean> {
    if (failure !== undefined && !this.#source.isTransient(failure)) throw failure
    if (position === this.#end) return false
    this.#vain = position > this.#position ? 1 : this.#vain + 1
    this.#position = position
    if (this.#vain > maximumContinuations) {
      throw failure ?? new StackError('unavailable', 'the server cuts its bytes off again and again')
    }
    this.current = await this.#source.reopen({ start: position, end: this.#end })
    if (this.current.range.start === position) return true
    throw new StackError('unavailable', 'the server sent another range than asked')
  }
}

function verify(checksum: ObjectSource['checksum'], sum: number): void {
  if (checksum === undefined || encodeCrc(sum) === checksum.base64) return
  const name = checksum.crc.name === 'crc32' ? 'CRC-32' : 'CRC-32C'
  throw new StackError('checksum-mismatch', `its bytes have another ${name} than those that were written`)
}

function tooLong(): StackError {
  return new StackError('unavailable', 'the server sent more bytes than it announced')
}
