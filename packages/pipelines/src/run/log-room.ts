/** The memory that the logs of one run fill together while their lines wait to be kept. */
import { LogBlock } from './log-block.js'

/** In bytes. */
const maximumUsed = 16 * 1024 * 1024

export class LogRoom {
  #used = 0
  #spare: LogBlock | undefined
  readonly #flushes = new Set<() => void>()
  #waiting: (() => void)[] = []

  /** Whether what comes now has to wait, or to be dropped. */
  get isFull(): boolean {
    return this.#used >= maximumUsed
  }

  /** Has a log write what it has when the room becomes full, until the function that this returns is called. */
  join(flush: () => void): () => void {
    this.#flushes.add(flush)
    return () => this.#flushes.delete(flush)
  }

  /** Resolves when the room is not full any more. */
  async whenFree(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  takeBlock(): LogBlock {
    const block = this.#spare ?? new LogBlock()
    this.#spare = undefined
    block.reset()
    this.#use(block.capacity)
    return block
  }

  append(block: LogBlock, text: string): void {
    const before = block.capacity
    block.append(text)
    this.#use(block.capacity - before)
  }

  release(block: LogBlock): void {
    this.#used -= block.capacity
    if (!this.isFull) for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Keeps a block that nobody reads any more, to be used again: memory that is thrown away each time is collected late. */
  keep(block: LogBlock): void {
    this.#spare = block
  }

  #use(bytes: number): void {
    const wasFull = this.isFull
    this.#used += bytes
    if (this.isFull && !wasFull) for (const flush of this.#flushes) flush()
  }
}
