/** Content hashes: `sha256:<hex>` over exact bytes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** A hash and the count of bytes it is over. */
export interface HashedContent {
  readonly contentHash: string
  readonly size: number
}

/** Hashes bytes, or text as UTF-8. */
export function hashContent(content: Uint8Array | string): HashedContent {
  return {
    contentHash: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    size: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
  }
}

/** Hashes a file without holding it in memory. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<HashedContent> {
  const hashing = new HashingStream(createReadStream(path, signal === undefined ? {} : { signal }))
  for await (const _ of hashing) signal?.throwIfAborted()
  return hashing.result()
}

/** Passes chunks on and hashes them on their way. */
export class HashingStream implements AsyncIterable<Uint8Array> {
  readonly #hash = createHash('sha256')
  readonly #chunks: AsyncIterable<Uint8Array>
  #size = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of this.#chunks) {
      this.#hash.update(chunk)
      this.#size += chunk.byteLength
      yield chunk
    }
  }

  /** The hash of what has passed; to be asked once, at the end. */
  result(): HashedContent {
    return { contentHash: `sha256:${this.#hash.digest('hex')}`, size: this.#size }
  }
}
