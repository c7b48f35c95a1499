/**
 * Sessions of resumable uploads, as published: bytes are kept in multiples of 256 KiB, whatever arrives of a request that
 * breaks off is kept, 308 says how far it came, and a session that was completed still tells of its object.
 * https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
import { randomUUID } from 'node:crypto'
import type { Bucket, Conditions, ObjectDescription, StoredObject } from './bucket.js'
import { invalid, RequestError } from './request-error.js'

const multiple = 256 * 1024

interface Session {
  readonly bucket: Bucket
  readonly description: ObjectDescription
  readonly conditions: Conditions
  held: Buffer
  completed?: StoredObject
}

/** How far a session came: 308 without an object. */
export interface Progress {
  readonly held: number
  readonly object?: StoredObject
  readonly bucket: Bucket
}

export class ResumableSessions {
  readonly #sessions = new Map<string, Session>()
  /** The most that is kept of one request; a server may keep less than it is sent. */
  keptAtOnce = Number.POSITIVE_INFINITY

  /** Sessions that were begun, and neither completed nor cancelled. */
  get open(): number {
    return [...this.#sessions.values()].filter(({ completed }) => completed === undefined).length
  }

  /** As a week does. */
  expire(): void {
    this.#sessions.clear()
  }

  begin(bucket: Bucket, description: ObjectDescription, conditions: Conditions): string {
    const id = randomUUID()
    this.#sessions.set(id, { bucket, description, conditions, held: Buffer.alloc(0) })
    return id
  }

  cancel(id: string): void {
    if (this.#find(id).completed !== undefined) throw invalid('The upload is complete.')
    this.#sessions.delete(id)
  }

  /** Takes a request that arrived whole, or the beginning of one that broke off. */
  receive(id: string, headers: UploadHeaders, body: Buffer, whole: boolean): Progress {
    const session = this.#find(id)
    const { bucket, completed } = session
    if (completed !== undefined) return { bucket, held: completed.bytes.byteLength, object: completed }
    const range = parseContentRange(headers.contentRange)
    if (range.first === undefined) {
      if (body.byteLength > 0) throw invalid('A status query has no body.')
    } else {
      this.#keep(session, range.first, range.last, body, { whole, final: range.last + 1 === range.total })
    }
    const size = session.held.byteLength
    if (range.total !== size || !whole) return { bucket, held: size }
    return { bucket, held: size, object: this.#complete(id, session, headers.hash) }
  }

  #keep(
    session: Session,
    first: number,
    last: number,
    body: Buffer,
    { whole, final }: { readonly whole: boolean; readonly final: boolean },
  ): void {
    if (whole && body.byteLength !== last - first + 1) throw invalid('Content-Range and the body differ in length.')
    const size = session.held.byteLength
    if (first > size) throw invalid(`The upload goes on at ${size}, not at ${first}.`)
    // What is kept already is ignored.
    const fresh = body.subarray(size - first, size - first + this.keptAtOnce)
    const all = whole && fresh.byteLength === body.byteLength - (size - first)
    const kept = all && final ? fresh.byteLength : Math.floor(fresh.byteLength / multiple) * multiple
    session.held = Buffer.concat([session.held, fresh.subarray(0, Math.max(0, kept))])
  }

  #complete(id: string, { bucket, description, conditions, held }: Session, hash: string | undefined): StoredObject {
    const [, crc32c] = /crc32c=([^,]+)/.exec(hash ?? '') ?? []
    const completed = bucket.write({ ...description, ...(crc32c && { crc32c }) }, held, conditions)
    this.#sessions.set(id, { bucket, description, conditions, held: Buffer.alloc(0), completed })
    return completed
  }

  #find(id: string): Session {
    const session = this.#sessions.get(id)
    if (session === undefined) throw new RequestError(404, 'notFound', 'Upload session not found')
    return session
  }
}

export interface UploadHeaders {
  readonly contentRange: string | undefined
  readonly hash: string | undefined
}

/** `bytes 0-9/10`, `bytes 0-9/*`, `bytes *​/10` or `bytes *​/*`. */
function parseContentRange(
  text: string | undefined,
): { first: number; last: number; total?: number } | { first?: undefined; total?: number } {
  const [, first, last, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(text ?? '') ?? []
  if (total === undefined) throw invalid('Failed to parse Content-Range header.')
  const known = total === '*' ? {} : { total: Number(total) }
  if (first === undefined || last === undefined) return known
  if (Number(last) < Number(first) || Number(last) >= (known.total ?? Number.POSITIVE_INFINITY)) {
    throw invalid('Invalid Content-Range.')
  }
  return { first: Number(first), last: Number(last), ...known }
}
