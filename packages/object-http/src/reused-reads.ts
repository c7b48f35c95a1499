/**
 * The memory that connections read into, used again and again: memory that is new for every read costs more than all that
 * is done with the bytes.
 *
 * What a connection hands on stays as it is until 256 KiB more have come on it: the ring's size less the next read, and less
 * what is left over at its end. That is more than undici holds back: what waits in the socket (64 KiB and a read), the rest
 * of a paused read, and a head that has not ended (16 KiB). An `Exchange` copies what it keeps for longer.
 */
import type { OnReadOpts, Socket } from 'node:net'

const kibibyte = 1024
const readSize = 128 * kibibyte
const ringSize = 512 * kibibyte
/** Less than this comes from the pool that Node has for small buffers. */
const pooledSize = 4 * kibibyte

/** The option `onread` of sockets. One buffer serves them all: it is emptied before the next read. */
export function reuseReads(): OnReadOpts {
  const rings = new WeakMap<Socket, Ring>()
  return {
    buffer: Buffer.allocUnsafeSlow(readSize),
    // Node calls it on the socket that was read from.
    callback(this: Socket, length: number, bytes: Uint8Array): boolean {
      const read = bytes.subarray(0, length)
      if (length <= pooledSize) return this.push(Buffer.from(read))
      const ring = rings.get(this) ?? new Ring()
      rings.set(this, ring)
      return this.push(ring.place(read))
    },
  }
}

/** Memory of one connection, filled from its beginning when its end is reached. */
class Ring {
  readonly #memory = Buffer.allocUnsafeSlow(ringSize)
  #next = 0

  place(bytes: Uint8Array): Buffer {
    if (this.#next + bytes.length > ringSize) this.#next = 0
    const start = this.#next
    this.#next += bytes.length
    this.#memory.set(bytes, start)
    return this.#memory.subarray(start, this.#next)
  }
}
