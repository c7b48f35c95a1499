/** Materializers: how a value becomes bytes in the artifact store, and a value again. */
import type { Metadata } from '@stack/core'

/** What a value is written as: text (as UTF-8), bytes, a file of this machine, or a stream of bytes and text. */
export type Content =
  | string
  | Uint8Array
  | { readonly file: string }
  | AsyncIterable<Uint8Array | string>
  | ReadableStream<Uint8Array>

/** Content together with what it says about itself. */
export interface DescribedContent {
  readonly content: Content
  /** In place of the materializer's. */
  readonly mediaType?: string
  /** Facts tracked with the artifact; given back to `load`. */
  readonly metadata?: Metadata
}

/** A further object of an output, beside its content. */
export interface StoredFile {
  /** Below `<output>.files/`; segments separated by slashes. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** `sha256:<hex>` of those bytes. */
  readonly contentHash: string
}

/** How a file travels. */
export interface FileTransfer {
  /** Parts of a large file on their way at once; 8 unless told. Fewer for each where several files are. */
  readonly concurrency?: number
}

/** What `save` may use for values of many parts. */
export interface SaveContext {
  /** Writes a further object; the content has to say which there are, or `load` cannot open them. */
  writeFile(path: string, content: Content, options?: FileTransfer): Promise<StoredFile>
  /** Aborts when the output is not wanted any more. */
  readonly signal: AbortSignal | undefined
}

/** Content read back from the store, its hash verified. */
export interface StoredContent {
  readonly mediaType: string
  readonly metadata: Metadata
  /** Bytes. */
  readonly size: number
  bytes(): Promise<Uint8Array>
  /** The bytes as UTF-8. */
  text(): Promise<string>
  /** The bytes as they come, opened when the first is asked for; that they were the right ones is known at the end. */
  stream(): ReadableStream<Uint8Array>
  /**
   * A file of this machine, one's own, removed when the process ends; named as asked, else `content`.
   * @throws StackError `invalid-name` for a name that leads elsewhere.
   */
  file(name?: string): Promise<string>
  /** Writes to a path where nothing is yet. */
  download(path: string, options?: FileTransfer): Promise<void>
  /**
   * Opens one of the further objects.
   * @throws StackError `invalid-path` for a path that leads elsewhere.
   */
  openFile(file: StoredFile): StoredContent
}

/** Writes and reads one kind of value. */
export interface Materializer<T = unknown> {
  /** By which a commit names it; never changed, or what it wrote is not found again. */
  readonly name: string
  /** An IANA media type, for whoever reads the bytes without this materializer. */
  readonly mediaType: string
  /** Whether it can write the value exactly. */
  matches(value: unknown): boolean
  save(value: T, context: SaveContext): Content | DescribedContent | Promise<Content | DescribedContent>
  load(content: StoredContent): T | Promise<T>
}

/**
 * Defines a materializer, to be attached to a step: `materializers: { model: modelMaterializer }`. The step carries it, so
 * that another process that loads the step's code reads what it wrote.
 */
export function defineMaterializer<T>(materializer: Materializer<T>): Materializer<T> {
  return Object.freeze({ ...materializer })
}
