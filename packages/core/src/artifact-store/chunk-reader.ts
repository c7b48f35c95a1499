/** Fills memory from chunks of any size. */

/** What gives the next chunk: the `next` of an iterator, the `read` of a stream's reader. */
export type NextChunk = () => Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>

/** Reads chunks as if they were one run of bytes. What it fills is a copy: whoever gives chunks may use their memory again. */
export class ChunkReader {
  readonly #next: NextChunk
  readonly #pending: Uint8Array[] = []
  #ended = false

  constructor(next: NextChunk) {
    this.#next = next
  }

  /** Fills the target from a position on; gives how far it came: short of the end only where the chunks ended. */
  async fill(target: Uint8Array, from = 0): Promise<number> {
    let position = from
    while (position < target.length && (this.#pending.length > 0 || (await this.hasMore()))) {
      const chunk = this.#pending[0] as Uint8Array
      const piece = chunk.length <= target.length - position ? chunk : chunk.subarray(0, target.length - position)
      target.set(piece, position)
      position += piece.length
      if (piece === chunk) this.#pending.shift()
      else this.#pending[0] = chunk.subarray(piece.length)
    }
    return position
  }

  /** Waits for another byte, and says whether one comes. */
  async hasMore(): Promise<boolean> {
    while (this.#pending.length === 0 && !this.#ended) {
      const step = await this.#next()
      if (step.done === true) this.#ended = true
      else if ((step.value as Uint8Array).length > 0) this.#pending.push(step.value as Uint8Array)
    }
    return this.#pending.length > 0
  }

  /** Puts bytes in front of what comes. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pending.unshift(bytes)
  }
}
