/** Lines of a stream of bytes, each held only as far as a limit. */

/** A line without its end. */
export interface BoundedLine {
  /** As UTF-8; the beginning of it where it is cut. */
  readonly text: string
  /** Whether it is longer than the limit. */
  readonly cut: boolean
}

/** Splits chunks at line feeds; of a line longer than `maximumBytes` the rest is passed over. */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array>,
  maximumBytes: number,
): AsyncGenerator<BoundedLine, void, undefined> {
  let line = new PartialLine(maximumBytes)
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      line.add(chunk.subarray(start, end))
      yield line.result()
      line = new PartialLine(maximumBytes)
      start = end + 1
    }
    line.add(chunk.subarray(start))
  }
  if (!line.isEmpty) yield line.result()
}

const lineFeed = 0x0a

class PartialLine {
  readonly #maximum: number
  readonly #parts: Uint8Array[] = []
  #length = 0
  #cut = false

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(bytes: Uint8Array): void {
    const room = this.#maximum - this.#length
    if (bytes.length > room) this.#cut = true
    const kept = bytes.subarray(0, room)
    if (kept.length === 0) return
    this.#parts.push(kept)
    this.#length += kept.length
  }

  result(): BoundedLine {
    return { text: Buffer.concat(this.#parts).toString('utf8'), cut: this.#cut }
  }
}
