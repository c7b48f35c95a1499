/** Content hashes: `sha256:<hex>` over exact bytes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { z } from '@stack/core'

/** A hash, where it is read from the store. */
export const storedHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: 'this is not sha256:<64 hexadecimal digits>' })

/** A count of bytes, where it is read from the store. */
export const storedSize = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER - 1)

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

/** Bytes read at a time. */
const readSize = 1024 * 1024

/** Hashes a file without holding it in memory. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<HashedContent> {
  const hash = new RunningHash()
  for await (const chunk of createReadStream(path, { highWaterMark: readSize, ...(signal && { signal }) })) {
    hash.add(chunk)
  }
  return hash.result()
}

/** The hash of what goes by. */
export class RunningHash {
  readonly #hash = createHash('sha256')
  #size = 0

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.#size += chunk.byteLength
  }

  /** The hash of all that was added; to be asked once, at the end. */
  result(): HashedContent {
    return { contentHash: `sha256:${this.#hash.digest('hex')}`, size: this.#size }
  }
}
