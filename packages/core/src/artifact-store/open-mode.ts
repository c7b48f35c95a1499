/** Opening an object as a file is opened: to read, to write, to create, to append. */
import { StackError } from '../errors/stack-error.js'
import type { ArtifactPath, WriteOptions } from './artifact-store-options.js'
import type { PutResult, Stat } from './driver.js'
import type { WritableChunk, WritableData } from './write-source.js'

/** `r` reads, `w` replaces, `x` creates, `a` appends (and creates). */
export type OpenMode = 'r' | 'w' | 'x' | 'a'

/** Refuses a mode that is none. */
export function checkMode(mode: string): void {
  if (['r', 'w', 'x', 'a'].includes(mode)) return
  throw new StackError('usage', `${JSON.stringify(mode)} is not one of the modes r, w, x and a`)
}

/** What appending needs of a store. */
export interface Appendable {
  stream(path: ArtifactPath, options: { ifMatch?: string; signal?: AbortSignal }): Promise<ReadableStream<Uint8Array>>
  write(path: ArtifactPath, data: WritableData, options: WriteOptions): Promise<PutResult>
}

/**
 * Writes what an object holds and then the chunks: stores know no appending. Of two who append at once one is refused,
 * `precondition-failed` or `already-exists`.
 */
export function appendChunks(
  store: Appendable,
  path: ArtifactPath,
  existing: Stat | null,
  chunks: AsyncIterable<WritableChunk>,
  options: WriteOptions,
): Promise<PutResult> {
  if (existing === null) return store.write(path, chunks, { ...options, ifAbsent: true })
  const { version, contentType, metadata } = existing
  const condition = version === undefined ? {} : { ifMatch: version }
  async function* content(): AsyncGenerator<WritableChunk, void, undefined> {
    yield* await store.stream(path, { ...condition, signal: options.signal })
    yield* chunks
  }
  return store.write(path, content(), { ...(contentType && { contentType }), metadata, ...options, ...condition })
}
