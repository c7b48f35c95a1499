/** Writing an object chunk by chunk, each when it is there. */
import { StackError } from '../errors/stack-error.js'
import type { OperationOptions, PutResult } from './driver.js'
import { type OperationName, performOperation } from './perform-operation.js'
import type { WritableChunk } from './write-source.js'

/** An object being written; it appears when the writer is closed, and not at all where it is aborted. */
export interface ArtifactWriter extends AsyncDisposable {
  /** Resolves when the store has taken the chunk: its memory may then be used again. */
  write(chunk: WritableChunk): Promise<void>
  /** Ends the object, and gives what `write` of a store gives. */
  close(): Promise<PutResult>
  /** Leaves the store as it was; after `close` it does nothing. Disposing of a writer that is not closed does the same. */
  abort(reason?: unknown): Promise<void>
}

/** Begins a write that takes its chunks from a writer; the signal ends it. */
export type BeginWrite = (chunks: AsyncIterable<WritableChunk>, signal: AbortSignal) => Promise<PutResult>

/** Makes a writer; its time limit holds for each call. */
export function openWriter(name: OperationName, options: OperationOptions, begin: BeginWrite): ArtifactWriter {
  return new ObjectWriter(name, options, begin)
}

class ObjectWriter implements ArtifactWriter {
  readonly #name: OperationName
  readonly #options: OperationOptions
  readonly #chunks = new ChunkQueue()
  readonly #controller = new AbortController()
  readonly #written: Promise<PutResult>
  #closed = false

  constructor(name: OperationName, options: OperationOptions, begin: BeginWrite) {
    this.#name = name
    this.#options = { signal: options.signal, timeoutMs: options.timeoutMs }
    const onAbort = (): void => this.#controller.abort(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    this.#written = begin(this.#chunks, this.#controller.signal).finally(() => {
      options.signal?.removeEventListener('abort', onAbort)
    })
    // Told to whoever calls next.
    this.#written.catch(() => {})
  }

  write(chunk: WritableChunk): Promise<void> {
    return this.#perform(async () => {
      this.#checkOpen()
      const failed = this.#written.then(() => {})
      await Promise.race([this.#chunks.push(chunk), failed])
    })
  }

  close(): Promise<PutResult> {
    return this.#perform(() => {
      this.#checkOpen()
      this.#closed = true
      this.#chunks.end()
      return this.#written
    })
  }

  async abort(reason?: unknown): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#controller.abort(reason)
    await this.#written.catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort()
  }

  async #perform<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await performOperation(this.#name, this.#options, run)
    } catch (error) {
      this.#controller.abort(error)
      throw error
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StackError('usage', 'the writer is closed')
  }
}

/** Chunks between one who pushes and one who takes. */
class ChunkQueue implements AsyncIterable<WritableChunk> {
  readonly #waiting: { readonly chunk: WritableChunk; readonly taken: () => void }[] = []
  #ended = false
  #wake: () => void = () => {}

  /** Resolves when the chunk was used: when the next one is asked for. */
  push(chunk: WritableChunk): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ chunk, taken: resolve })
      this.#wake()
    })
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WritableChunk, void, undefined> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) {
        yield next.chunk
        next.taken()
      } else if (this.#ended) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
