/** An immutable list whose updates copy a few dozen entries, whatever its length: the reducer's state over thousands of steps. */

const chunkLength = 64

/** A list that is never changed: `set` and `push` give a new one that shares what stayed the same. */
export class PersistentList<T> {
  readonly length: number
  readonly #chunks: readonly (readonly T[])[]

  private constructor(chunks: readonly (readonly T[])[], length: number) {
    this.#chunks = chunks
    this.length = length
  }

  static of<T>(items: readonly T[]): PersistentList<T> {
    const chunks: T[][] = []
    for (let start = 0; start < items.length; start += chunkLength) chunks.push(items.slice(start, start + chunkLength))
    return new PersistentList(chunks, items.length)
  }

  /** The item at an index; throws a RangeError outside the list. */
  at(index: number): T {
    const chunk = this.#chunks[Math.floor(index / chunkLength)]
    if (chunk === undefined || index < 0 || index >= this.length) throw new RangeError(`No item ${index} in the list.`)
    return chunk[index % chunkLength] as T
  }

  set(index: number, item: T): PersistentList<T> {
    const position = Math.floor(index / chunkLength)
    const chunk = this.#chunks[position]
    if (chunk === undefined || index < 0 || index >= this.length) throw new RangeError(`No item ${index} in the list.`)
    const chunks = this.#chunks.slice()
    chunks[position] = chunk.with(index % chunkLength, item)
    return new PersistentList(chunks, this.length)
  }

  push(item: T): PersistentList<T> {
    const chunks = this.#chunks.slice()
    const last = chunks.at(-1)
    if (last === undefined || last.length === chunkLength) chunks.push([item])
    else chunks[chunks.length - 1] = [...last, item]
    return new PersistentList(chunks, this.length + 1)
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk
  }
}
