/** Translates between the SDK's words for an object and the store's. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { type ByteRange, type GetResult, type PutSource, StackError, type Stat } from '@stack/core'

/** What the SDK says of an object, by HEAD, by GET or in a listing. */
export interface S3Object {
  readonly Size?: number
  readonly LastModified?: Date
  readonly ETag?: string
  readonly ContentType?: string
  readonly Metadata?: Readonly<Record<string, string>>
}

/** Describes an object; a key that ends with a slash is a directory. */
export function toStat(key: string, object: S3Object): Stat {
  if (key.endsWith('/')) return { key: key.slice(0, -1), kind: 'directory', size: 0 }
  return {
    key,
    kind: 'file',
    size: object.Size ?? 0,
    modifiedAt: object.LastModified,
    version: object.ETag,
    contentType: object.ContentType,
    metadata: fromMetadataHeaders(object.Metadata),
  }
}

/** Opens the answer to a GET; its body is one Node stream. */
export function toGetResult(key: string, answer: GetObjectCommandOutput): GetResult {
  const body = answer.Body as Readable
  const length = answer.ContentLength ?? 0
  const [, start = '0', , total = String(length)] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? '') ?? []
  return {
    stat: toStat(key, { ...answer, Size: Number(total) }),
    range: { start: Number(start), end: Number(start) + length },
    body: () => Readable.toWeb(body) as ReadableStream<Uint8Array>,
    async into(target) {
      let written = 0
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        target.set(chunk, written)
        written += chunk.byteLength
      }
      return written
    },
    async close() {
      body.destroy()
    },
  }
}

/** `bytes=2-4` for `{ start: 2, end: 5 }`. */
export function toRangeHeader(range: ByteRange | undefined): string | undefined {
  if (range === undefined) return undefined
  if ('suffix' in range) return `bytes=-${range.suffix}`
  return `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`
}

/** What is sent, and its length; a stream of unknown length is read into memory first, since one PUT must say it. */
export async function toBody(source: PutSource): Promise<{ Body: Uint8Array | Readable; ContentLength: number }> {
  if (source.kind === 'bytes') return { Body: source.bytes, ContentLength: source.bytes.byteLength }
  if (source.size !== undefined) {
    return { Body: Readable.from(exactly(source.size, chunksOf(source))), ContentLength: source.size }
  }
  const bytes = await buffer(copies(chunksOf(source)))
  return { Body: bytes, ContentLength: bytes.byteLength }
}

function chunksOf(source: Exclude<PutSource, { kind: 'bytes' }>): AsyncIterable<Uint8Array> {
  if (source.kind === 'stream') return source.chunks
  const { path, start = 0, size } = source
  return size === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + size - 1 })
}

/** The chunks, where they are as many bytes as announced: the last one is sent when no other follows it. */
async function* exactly(size: number, chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let given = 0
  let last: Uint8Array | undefined
  for await (const chunk of copies(chunks)) {
    given += chunk.byteLength
    if (given > size) break
    if (last !== undefined) yield last
    last = chunk
  }
  if (given !== size) {
    const bytes = given > size ? 'more' : `${given} bytes`
    throw new StackError('precondition-failed', `its source gave ${bytes}, not the ${size} bytes that it announced`)
  }
  if (last !== undefined) yield last
}

/** The memory of a chunk is its giver's again when the next one is asked for. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** Headers take ASCII only, so values travel percent-encoded. */
export function toMetadataHeaders(metadata: Readonly<Record<string, string>> | undefined) {
  return (
    metadata && Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, encodeURIComponent(value)]))
  )
}

function fromMetadataHeaders(headers: Readonly<Record<string, string>> | undefined) {
  return headers && Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, decode(value)]))
}

/** What another program wrote may be no percent-encoding at all. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
