/** The body of one answer, of which one or several ranges are read, each into its place. */
import { StackError } from '../errors/stack-error.js'
import { ChunkReader } from './chunk-reader.js'
import type { Crc, GetResult, Placed } from './driver.js'

/** From a byte of an object to one that is not in the range any more. */
export interface Bounds {
  readonly start: number
  readonly end: number
}

/** Where the bytes go; positions count from the first byte that is read. */
export interface RangeTarget {
  /** Memory for so many bytes, or for as many of them as are taken at once. */
  memory(start: number, length: number): Uint8Array
  /** It is filled. */
  arrived(start: number, bytes: Uint8Array): Promise<void> | void
}

/** The place of what is read. */
export interface RangePlace {
  readonly target: RangeTarget
  /** The byte of the object at the target's position 0. */
  readonly from: number
  /** Computed of each range, where it is wanted. */
  readonly crc: Crc | undefined
}

/** Reads ranges of an answer, and closes it. */
export async function withBody(
  opened: GetResult,
  signal: AbortSignal,
  run: (body: RangeBody) => Promise<void>,
): Promise<void> {
  const body = new RangeBody(opened, signal)
  try {
    await run(body)
    await body.end()
  } finally {
    await body.close()
  }
}

export class RangeBody {
  readonly #opened: GetResult
  readonly #signal: AbortSignal
  #stream: { readonly body: ReadableStreamDefaultReader<Uint8Array>; readonly reader: ChunkReader } | undefined
  #position: number
  #listens = false
  #ended = false

  constructor(opened: GetResult, signal: AbortSignal) {
    this.#opened = opened
    this.#signal = signal
    this.#position = opened.range.start
  }

  /**
   * Reads a range, which begins where the one before ended, and gives its CRC. While the target takes some bytes, those
   * that follow come.
   */
  async read({ start, end }: Bounds, { target, from, crc }: RangePlace): Promise<number> {
    const running = crc && new RunningCrc(crc)
    let taking = Promise.resolve()
    try {
      for (let position = start; position < end; ) {
        const memory = target.memory(position - from, end - position)
        const length = await this.#fill(memory, running?.placed)
        this.#signal.throwIfAborted()
        if (length < memory.length) {
          throw new StackError('unavailable', `its body ended at byte ${position + length} of ${end}`)
        }
        running?.filled(memory)
        await taking
        taking = Promise.resolve(target.arrived(position - from, memory))
        // It is told where it is waited for.
        taking.catch(() => {})
        position += memory.length
        this.#position = position
      }
    } finally {
      await taking
    }
    return running?.sum ?? 0
  }

  /** At its end a body says whether it was whole, and its connection can be used again. */
  async end(): Promise<void> {
    if (this.#position < this.#opened.range.end) return
    this.#ended = this.#stream === undefined || !(await this.#stream.reader.hasMore())
  }

  /** Closes what was not read to its end. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (!this.#ended) await this.#stream?.body.cancel().catch(() => {})
    await this.#opened.close()
  }

  /** By a shorter way than the stream where the driver has one. */
  #fill(memory: Uint8Array, placed: Placed | undefined): Promise<number> {
    const { range, into, next } = this.#opened
    if (this.#stream === undefined && memory.length === range.end - range.start) return into(memory, placed)
    this.#listen()
    if (next !== undefined) return next(memory, placed)
    this.#stream ??= this.#open()
    return this.#stream.reader.fill(memory)
  }

  #open() {
    const body = this.#opened.body().getReader()
    return { body, reader: new ChunkReader(() => body.read()) }
  }

  /** What was opened knows another signal. */
  #listen(): void {
    if (this.#listens) return
    this.#listens = true
    this.#signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => {
    this.#stream?.body.cancel(this.#signal.reason).catch(() => {})
    this.#opened.close().catch(() => {})
  }
}

/** The CRC of memories that are filled in turn: of each piece when it is shown, and of the rest when a memory is full. */
class RunningCrc {
  sum = 0
  #shown = 0
  readonly #crc: Crc

  constructor(crc: Crc) {
    this.#crc = crc
  }

  readonly placed: Placed = (piece) => {
    this.sum = this.#crc.of(piece, this.sum)
    this.#shown += piece.length
  }

  filled(memory: Uint8Array): void {
    if (this.#shown < memory.length) this.placed(memory.subarray(this.#shown))
    this.#shown = 0
  }
}
