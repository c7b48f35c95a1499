/** A large object in one session: its parts arrive in order, and after a break the server says how far it came. */
import { type MultipartUpload, type OperationOptions, type PartResult, type PartSource, StackError } from '@stack/core'
import { type Answer, answerLimits, crc32c, encodeCrc, parseAnswer, readPart, statedSize } from '@stack/object-http'
import { GcsAnswerError } from './answer-error.js'
import type { DataPlane } from './data-plane.js'
import { statusOf } from './gcs-error.js'
import type { ObjectResource } from './gcs-object.js'
import { readSizedResource } from './read-resource.js'
import { meansDamaged } from './transient-failure.js'

/** Each piece but the last is a multiple of it: https://cloud.google.com/storage/docs/performing-resumable-uploads */
const multiple = 256 * 1024
/** The largest object of GCS. */
const largestObject = 5 * 1024 ** 4

export class ResumableUpload implements Omit<MultipartUpload, 'complete'> {
  readonly partSize = { min: multiple, max: largestObject, multiple }
  readonly maxParts = largestObject / multiple
  readonly inOrder = true
  readonly #plane: DataPlane
  readonly #path: string
  #next = 1
  #sent = 0
  #sum = 0
  /** The last part waits for the completion: sent before, it would make the object appear. */
  #last: PartSource | undefined

  constructor(plane: DataPlane, path: string) {
    this.#plane = plane
    this.#path = path
  }

  async part(
    number: number,
    source: PartSource,
    { last, signal }: OperationOptions & { readonly last: boolean },
  ): Promise<PartResult> {
    if (number !== this.#next || this.#last !== undefined)
      throw new StackError('usage', `part ${number} is out of order`)
    const size = source.kind === 'bytes' ? source.bytes.byteLength : source.size
    if (last) {
      this.#last = source
    } else {
      if (size === 0 || size % multiple !== 0) {
        throw new StackError('usage', `a part that is not the last has a multiple of ${multiple} bytes`)
      }
      await this.#send(await readPart(source), undefined, signal)
    }
    this.#next += 1
    return { number, size }
  }

  /** Sends what is left; gives the object, whose checksum is that of what was sent. */
  async finish({ signal }: OperationOptions): Promise<{ resource: ObjectResource; crc32c: string }> {
    const rest = this.#last === undefined ? new Uint8Array(0) : await readPart(this.#last)
    const resource = await this.#send(rest, this.#sent + rest.byteLength, signal)
    if (resource === undefined) throw new StackError('unavailable', 'the server took every byte and made no object')
    return { resource, crc32c: encodeCrc(this.#sum) }
  }

  async abort(): Promise<void> {
    try {
      const answer = await this.#plane.retries.run(undefined, () =>
        // A session that ends is answered by 499.
        this.#plane.exchange({ method: 'DELETE', path: this.#path, accepts: 499 }),
      )
      await answer.body.text(answerLimits.error)
    } catch (error) {
      // That it is gone already, or completed, is a success.
      if (![400, 404, 410].includes(statusOf(error))) throw error
    }
  }

  /** Sends bytes from where the last ended; with a total, they complete the object. */
  async #send(bytes: Uint8Array, total: number | undefined, signal: AbortSignal | undefined) {
    const start = this.#sent
    const end = start + bytes.byteLength
    const sum = crc32c.of(bytes, this.#sum)
    const hash = total === undefined ? undefined : `crc32c=${encodeCrc(sum)}`
    const resource = await this.#plane.retries.run(signal, async (attempt) => {
      let reached: Reached = attempt === 1 ? { position: start } : await this.#ask(signal)
      while (reached.resource === undefined && (reached.position < end || total !== undefined)) {
        const { position } = reached
        if (position < start || position > end) throw new StackError('conflict', 'another writer sends to its upload')
        reached = await this.#put(bytes.subarray(position - start), { position, total, hash, signal })
        // It may take less than it is sent, and has to take something.
        if (reached.resource === undefined && reached.position <= position) throw noProgress()
      }
      return reached.resource
    })
    // As emulators do that are asked how far they came.
    if (total === undefined && resource !== undefined) throw tooEarly()
    this.#sent = end
    this.#sum = sum
    return resource
  }

  #put(
    bytes: Uint8Array,
    options: {
      readonly position: number
      readonly total: number | undefined
      readonly hash: string | undefined
      readonly signal: AbortSignal | undefined
    },
  ): Promise<Reached> {
    const { position, total, hash, signal } = options
    const held = bytes.byteLength === 0 ? '*' : `${position}-${position + bytes.byteLength - 1}`
    return this.#exchange(bytes, { 'content-range': `bytes ${held}/${total ?? '*'}`, 'x-goog-hash': hash }, signal)
  }

  /** Asks how far the server came. */
  #ask(signal: AbortSignal | undefined): Promise<Reached> {
    const nothing = new Uint8Array(0)
    return this.#plane.retries.run(signal, () => this.#exchange(nothing, { 'content-range': 'bytes */*' }, signal))
  }

  async #exchange(
    bytes: Uint8Array,
    headers: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal | undefined,
  ): Promise<Reached> {
    try {
      const answer = await this.#plane.exchange({
        ...{ method: 'PUT', path: this.#path, headers, body: () => bytes, signal, accepts: 308 },
      })
      return await readReached(answer)
    } catch (error) {
      // Nothing that is sent again would make the server's sum another.
      if (meansDamaged(error)) throw damaged()
      throw [404, 410, 499].includes(statusOf(error)) ? gone(error) : error
    }
  }
}

/** How far the server came: to a position, or to the whole object. */
interface Reached {
  readonly position: number
  readonly resource?: ObjectResource
}

async function readReached({ statusCode, headers, body }: Answer): Promise<Reached> {
  if (statusCode !== 308) {
    const resource = readSizedResource(parseAnswer(await body.text(answerLimits.description)))
    return { position: Number(resource.size), resource }
  }
  await body.text(answerLimits.error)
  const { range } = headers
  if (range === undefined) return { position: 0 }
  const [, last] = /^bytes=0-(\d+)$/.exec(String(range)) ?? []
  return { position: statedSize(last) + 1 }
}

/** The error for an object whose bytes are not those that were sent. */
export function damaged(): StackError {
  return new StackError('checksum-mismatch', 'its bytes changed on the way')
}

function tooEarly(): StackError {
  return new StackError('unavailable', 'the server made the object before its last part')
}

function noProgress(): GcsAnswerError {
  return new GcsAnswerError({ status: 503, text: 'the server takes no more bytes', headers: {} })
}

function gone(cause: unknown): StackError {
  return new StackError('not-found', 'its upload is gone: it was completed or aborted, or is older than a week', {
    cause,
  })
}
