/** Writing an object chunk by chunk, each when it is there. */
import { StackError } from '../errors/stack-error.js'
import type { OperationOptions, PutResult } from './driver.js'
import { describeError, type OperationName, performWrite } from './perform-operation.js'
import type { WritableChunk } from './write-source.js'

/** An object being written; it appears when the writer is closed, and not at all where it is aborted. */
export interface ArtifactWriter extends AsyncDisposable {
  /** Resolves when the store has taken the chunk: its memory may then be used again. */
  write(chunk: WritableChunk): Promise<void>
  /** Ends the object, and returns what `write` of a store returns; a second call is refused as `usage`. */
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
  /** It was closed or aborted: another call is refused, and harms nothing. */
  #ended = false

  constructor(name: OperationName, options: OperationOptions, begin: BeginWrite) {
    this.#name = name
    this.#options = { signal: options.signal, timeoutMs: options.timeoutMs }
    const onAbort = (): void => this.#controller.abort(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    this.#written = begin(this.#chunks, this.#controller.signal).finally(() => {
      options.signal?.removeEventListener('abort', onAbort)
    })
    this.#written.catch((error: unknown) => this.#chunks.fail(error))
  }

  async write(chunk: WritableChunk): Promise<void> {
    this.#checkOpen()
    await this.#perform(() => this.#chunks.push(chunk))
  }

  async close(): Promise<PutResult> {
    this.#checkOpen()
    this.#ended = true
    return this.#perform(() => {
      this.#chunks.end()
      return this.#written
    })
  }

  async abort(reason?: unknown): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#controller.abort(reason)
    await this.#written.catch(() => {})
  }

  /** Waits for a `close` or an `abort` that was not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort()
    await this.#written.catch(() => {})
  }

  /** A call that fails ends the object, and so does an abort or a time limit: then the write itself says what became of it. */
  async #perform<T>(run: () => Promise<T>): Promise<T> {
    const end = (reason: unknown): void => this.#controller.abort(reason)
    try {
      return await performWrite(this.#name, this.#options, ({ signal }) => {
        signal?.addEventListener('abort', () => end(signal.reason), { once: true })
        return run()
      })
    } catch (error) {
      end(error)
      throw error
    }
  }

  #checkOpen(): void {
    if (this.#ended) throw describeError(this.#name, new StackError('usage', 'the writer is closed'))
  }
}

interface WaitingChunk {
  readonly chunk: WritableChunk
  readonly taken: () => void
  readonly refused: (error: unknown) => void
}

/** Chunks between one who pushes and one who takes. */
class ChunkQueue implements AsyncIterable<WritableChunk> {
  readonly #waiting: WaitingChunk[] = []
  #current: WaitingChunk | undefined
  #failure: { readonly error: unknown } | undefined
  #ended = false
  #wake: () => void = () => {}

  /** Resolves when the chunk was used: when the next one is asked for. */
  push(chunk: WritableChunk): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure.error)
      this.#waiting.push({ chunk, taken: resolve, refused: reject })
      this.#wake()
    })
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** Nobody takes any more: told to all who wait, and to who pushes later. */
  fail(error: unknown): void {
    this.#failure = { error }
    this.#current?.refused(error)
    for (const { refused } of this.#waiting.splice(0)) refused(error)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WritableChunk, void, undefined> {
    for (;;) {
      this.#current = this.#waiting.shift()
      if (this.#current !== undefined) {
        yield this.#current.chunk
        this.#current.taken()
      } else if (this.#ended) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
