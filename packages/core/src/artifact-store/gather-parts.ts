/** Gathering a stream into parts, under a hard limit of memory: the source waits until there is room. */
import type { ChunkReader } from './chunk-reader.js'
import type { MultipartUpload } from './driver.js'
import { sourceChanged } from './file-source.js'
import type { Part, PartFeed } from './part-feed.js'
import { equalPartSize, growingPartSize, tooLong } from './part-sizes.js'
import { allocate, type Transfer } from './transfer-options.js'

/** Bytes with which the memory for a stream of unknown length begins: most are short. */
const firstMemory = 64 * 1024

/** Reads up to so many bytes of a stream; as many only where more may come. */
export async function gatherHead(reader: ChunkReader, limit: number, mayGrow: boolean): Promise<Uint8Array> {
  let memory = allocate(mayGrow ? Math.min(limit, firstMemory) : limit)
  let length = 0
  for (;;) {
    length = await reader.fill(memory, length)
    if (length < memory.length || length === limit || !(await reader.hasMore())) return memory.subarray(0, length)
    const larger = allocate(Math.min(limit, memory.length * 4))
    larger.set(memory)
    memory = larger
  }
}

/** What is gathered: how it is read, what was read of it before, and its size where that is known. */
export interface GatheredSource {
  readonly reader: ChunkReader
  readonly head?: Uint8Array
  readonly size?: number
}

export class GatheredParts implements PartFeed {
  readonly atOnce: number
  readonly #source: GatheredSource
  readonly #signal: AbortSignal
  readonly #memory: number
  readonly #sizeOf: (number: number) => number
  readonly #free: Uint8Array[] = []
  #head: Uint8Array | undefined
  #turn: Promise<Part | null> = Promise.resolve(null)
  #wake: () => void = () => {}
  #held = 0
  #number = 0
  #gathered = 0
  #ended = false

  constructor(source: GatheredSource, upload: MultipartUpload, transfer: Transfer, signal: AbortSignal) {
    this.#source = source
    this.#head = source.head
    this.#signal = signal
    this.#memory = transfer.memory
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    this.#sizeOf = partSizes(source.size, upload, transfer)
    // Where parts go one by one, the next is gathered meanwhile.
    this.atOnce = upload.inOrder === true ? Math.min(2, transfer.concurrency) : transfer.concurrency
  }

  /** Gathers one part after the other. A source that failed fails for all that wait for it: it has not ended. */
  next(): Promise<Part | null> {
    this.#turn = this.#turn.then(() => this.#gather())
    return this.#turn
  }

  release({ source }: Part): void {
    if (source.kind !== 'bytes') return
    this.#held -= source.bytes.buffer.byteLength
    this.#free.push(new Uint8Array(source.bytes.buffer))
    this.#wake()
  }

  async #gather(): Promise<Part | null> {
    if (this.#ended) return null
    this.#number += 1
    const memory = await this.#take(this.#sizeOf(this.#number))
    const { reader, size } = this.#source
    const length = await reader.fill(memory, this.#headLength())
    const last = !(await reader.hasMore())
    this.#signal.throwIfAborted()
    this.#gathered += length
    this.#ended = last
    if (size !== undefined && (last ? this.#gathered !== size : this.#gathered > size)) {
      throw sourceChanged(this.#gathered, size)
    }
    return { number: this.#number, source: { kind: 'bytes', bytes: memory.subarray(0, length) }, last }
  }

  /** How much of a part's memory is filled already: all where it is the head, which was used as it is. */
  #headLength(): number {
    const length = this.#head?.length ?? 0
    this.#head = undefined
    return length
  }

  /** Memory for a part, when there is room for it. One part there always is room for. */
  async #take(size: number): Promise<Uint8Array> {
    while (this.#held > 0 && this.#held + size > this.#memory) {
      this.#signal.throwIfAborted()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.#signal.throwIfAborted()
    this.#held += size
    if (this.#head?.length === size) return this.#head
    this.#source.reader.unread(this.#head ?? new Uint8Array(0))
    this.#head = undefined
    const free = this.#free.pop()
    return free?.length === size ? free : allocate(size)
  }
}

function partSizes(size: number | undefined, upload: MultipartUpload, transfer: Transfer): (number: number) => number {
  if (size === undefined) return (number) => growingPartSize(upload, number, transfer)
  const equal = equalPartSize(upload, size, transfer.partSize)
  if (equal > Math.max(transfer.memory, upload.partSize.min)) throw tooLong(upload)
  return () => equal
}
