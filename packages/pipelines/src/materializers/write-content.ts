/** Writes content to the artifact store, hashed on its way. */
import { stat } from 'node:fs/promises'
import { type ArtifactStore, StackError, type WriteOptions } from '@stack/core'
import { toByteChunks } from './byte-chunks.js'
import { type HashedContent, hashContent, hashFile, RunningHash } from './content-hash.js'
import type { Content } from './materializer.js'
import { openReader, readAll, type StreamSource } from './stream-reader.js'

/** Where content goes. */
export interface WriteContentOptions {
  readonly store: ArtifactStore
  readonly contentType?: string
  readonly signal?: AbortSignal | undefined
  /** Parts of a large object on their way at once; 8 unless told. */
  readonly concurrency?: number | undefined
}

/**
 * Writes one object; what fails or is aborted leaves none.
 * @throws StackError `invalid-output` for what cannot be written, `conflict` for a file that changes meanwhile; what a stream
 * throws, as it is.
 */
export async function writeContent(
  uri: string,
  content: Content,
  { store, contentType, signal, concurrency }: WriteContentOptions,
): Promise<HashedContent> {
  const options = {
    ...(contentType === undefined ? {} : { contentType }),
    ...(signal === undefined ? {} : { signal }),
    ...(concurrency === undefined ? {} : { concurrency }),
  }
  if (typeof content === 'string' || content instanceof Uint8Array) {
    await store.write(uri, content, options)
    return hashContent(content)
  }
  if ('file' in content) {
    return uploadFile(content.file, uri, { store, options })
  }
  const passing = new PassingChunks(content as StreamSource, signal)
  try {
    await store.write(uri, passing, options)
  } catch (error) {
    signal?.throwIfAborted()
    throw passing.failure === undefined ? error : passing.failure.error
  }
  return passing.hash.result()
}

/** Sends a file and hashes it at the same time; that both saw the same bytes, the file's state says. */
async function uploadFile(
  file: string,
  uri: string,
  { store, options }: { readonly store: ArtifactStore; readonly options: WriteOptions },
): Promise<HashedContent> {
  const before = await describeFile(file)
  const ended = new AbortController()
  const hashing = hashFile(file, ended.signal)
  // Where the upload fails first, that is what is told.
  hashing.catch(() => {})
  try {
    const { size } = await store.upload(file, uri, options)
    const hashed = await hashing
    if (size === hashed.size && (await describeFile(file)) === before) return hashed
  } finally {
    ended.abort()
  }
  throw new StackError('conflict', `The file ${file} changed while it was stored.`, {
    hint: 'Finish writing a file before the step gives it.',
  })
}

/** Says whether something can be written. */
export function isContent(content: unknown): content is Content {
  if (typeof content === 'string' || content instanceof Uint8Array) return true
  if (typeof content !== 'object' || content === null) return false
  return Symbol.asyncIterator in content || ('file' in content && typeof content.file === 'string')
}

/** What changes when a file is written to, or another takes its place. */
export async function describeFile(path: string): Promise<string> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch (cause) {
    throw new StackError('invalid-output', `the file ${path} cannot be read`, { cause })
  }
}

/** The bytes of a stream on their way; keeps its own error apart from those of the store. */
class PassingChunks implements AsyncIterable<Uint8Array> {
  readonly hash = new RunningHash()
  readonly #chunks: AsyncIterable<Uint8Array>
  failure: { readonly error: unknown } | undefined

  constructor(source: StreamSource, signal: AbortSignal | undefined) {
    this.#chunks = toByteChunks(readAll(openReader(source), signal))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = this.#chunks[Symbol.asyncIterator]()
    try {
      for (;;) {
        const step = await this.#next(chunks)
        if (step.done === true) return
        this.hash.add(step.value)
        yield step.value
      }
    } finally {
      chunks.return?.(undefined).catch(() => {})
    }
  }

  async #next(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await chunks.next()
    } catch (error) {
      this.failure = { error }
      throw error
    }
  }
}
