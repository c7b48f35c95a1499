/** The body of an opened object: where it is cut off, it goes on from there, of the same version. */
import { type Crc, type Placed, StackError } from '@stack/core'
import { encodeCrc } from './checksum.js'
import type { Filled } from './exchange.js'

/** Continuations without a byte in between, before a cut body counts as lost. */
const maximumContinuations = 10

/** Bytes of an object on their way. */
export interface OpenedObject {
  /** End exclusive. */
  readonly range: { readonly start: number; readonly end: number }
  readonly chunks: AsyncIterable<Uint8Array>
  /** The next of the same bytes without an iteration, where there is a shorter way into the target. */
  readonly fill?: Fill
  /** Ends a body that is not read to its end. */
  close(): void
}

/** Places the next bytes in the target, and shows each piece when it is there. */
type Fill = (target: Uint8Array, placed?: Placed) => Promise<Filled>

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

/** Reads the bytes of an object piece by piece, each into memory that is given for it. */
export class BodyFiller {
  readonly #body: ContinuedBody
  readonly #end: number
  #position: number

  constructor(opened: OpenedObject, source: ObjectSource) {
    this.#body = new ContinuedBody(opened, source)
    this.#position = opened.range.start
    this.#end = opened.range.end
  }

  /** Fills the target with the bytes that come next; gives their count, which is smaller only at the end. */
  async fill(target: Uint8Array, placed?: Placed): Promise<number> {
    const wanted = Math.min(target.byteLength, this.#end - this.#position)
    try {
      for (let filled = 0; filled < wanted; ) {
        const { bytes, failure } = await this.#body.fill(target.subarray(filled, wanted), placed)
        filled += bytes
        this.#position += bytes
        if (filled < wanted) await this.#body.continueAt(this.#position, failure)
      }
      if (this.#position === this.#end) await this.#finish()
    } catch (error) {
      this.#body.current.close()
      throw error
    }
    return wanted
  }

  /** A connection can be used again when its answer is at its end. */
  async #finish(): Promise<void> {
    const { bytes, failure } = await this.#body.fill(new Uint8Array(1))
    if (bytes > 0) throw tooLong()
    await this.#body.continueAt(this.#position, failure)
    this.#body.current.close()
  }
}

/**
 * Fills the target with all bytes of an object; gives their count.
 * @throws StackError `checksum-mismatch` where they are not the bytes that were written.
 */
export async function fillWithBody(
  target: Uint8Array,
  opened: OpenedObject,
  source: ObjectSource,
  placed?: Placed,
): Promise<number> {
  const { checksum } = source
  let sum = 0
  const take: Placed = (piece) => {
    if (checksum !== undefined) sum = checksum.crc.of(piece, sum)
    placed?.(piece)
  }
  const filled = await new BodyFiller(opened, source).fill(target, checksum === undefined ? placed : take)
  verify(checksum, sum)
  return filled
}

/** The openings of one body, each going on where the one before was cut off. */
class ContinuedBody {
  current: OpenedObject
  readonly #end: number
  readonly #source: ObjectSource
  #position: number
  /** Openings since the last byte. */
  #vain = 0
  #fill: Fill

  constructor(opened: OpenedObject, source: ObjectSource) {
    this.current = opened
    this.#fill = fillOf(opened)
    this.#source = source
    this.#position = opened.range.start
    this.#end = opened.range.end
  }

  /** Places the next bytes in the target; fewer than it holds where the current opening ends. */
  fill(target: Uint8Array, placed?: Placed): Promise<Filled> {
    return this.#fill(target, placed)
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
    this.#fill = fillOf(this.current)
    if (this.current.range.start === position) return true
    throw new StackError('unavailable', 'the server sent another range than asked')
  }
}

/** The way into memory of an opened object, by an iteration where it has none: it goes on within a chunk where it stopped. */
function fillOf({ fill, chunks }: OpenedObject): Fill {
  if (fill !== undefined) return fill
  const iterator = chunks[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  return async (target, placed) => {
    let bytes = 0
    try {
      while (bytes < target.byteLength) {
        if (rest.byteLength === 0) {
          const step = await iterator.next()
          if (step.done) return { bytes }
          rest = step.value
        }
        const piece = rest.subarray(0, target.byteLength - bytes)
        rest = rest.subarray(piece.byteLength)
        target.set(piece, bytes)
        placed?.(target.subarray(bytes, bytes + piece.byteLength))
        bytes += piece.byteLength
      }
      return { bytes }
    } catch (failure) {
      return { bytes, failure }
    }
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
