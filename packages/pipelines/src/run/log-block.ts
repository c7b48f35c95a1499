/** Lines of a log as the bytes of one object in the making: outside the heap, where a collector would copy them about. */

const newline = 0x0a
/** In bytes; a larger one is twice as large as the one before. */
const firstCapacity = 1024

export class LogBlock {
  #bytes = Buffer.allocUnsafeSlow(firstCapacity)
  #length = 0
  #read = 0
  /** How many lines of the step it stands for: those in it, and those that a line of it reports as dropped. */
  lines = 0

  /** How much memory it takes, in bytes. */
  get capacity(): number {
    return this.#bytes.length
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Whether a line may be appended: it is the first, or leaves the block within so many bytes. */
  fits(text: string, maximum: number): boolean {
    return this.#length === 0 || this.#length + Buffer.byteLength(text) + 1 <= maximum
  }

  /** Appends a line. */
  append(text: string): void {
    const needed = this.#length + Buffer.byteLength(text) + 1
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    this.#bytes.write(text, this.#length)
    this.#bytes[needed - 1] = newline
    this.#length = needed
  }

  /** Makes it an empty one, whose memory is used again. */
  reset(): void {
    this.#length = 0
    this.#read = 0
    this.lines = 0
  }

  /** The next line that was not read yet, in the order in which they were appended. */
  read(): string | undefined {
    if (this.#read === this.#length) return undefined
    const end = this.#bytes.indexOf(newline, this.#read)
    const text = this.#bytes.toString('utf8', this.#read, end)
    this.#read = end + 1
    return text
  }
}
