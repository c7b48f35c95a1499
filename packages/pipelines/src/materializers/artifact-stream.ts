/** A stream as a value: a step gives bytes as they come, a later step reads them as they come. */
import { Readable } from 'node:stream'
import { StackError } from '@stack/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isBranded, recogniseByBrand } from './brand.js'
import { toByteChunks } from './byte-chunks.js'
import { openReader, readAll, type StreamSource } from './stream-reader.js'

const brand = Symbol.for('@stack/pipelines/artifact-stream')

/** What a stream may say of itself. */
export interface ArtifactStreamOptions {
  /** An IANA media type; `application/octet-stream` unless given. */
  readonly mediaType?: string
}

/**
 * Bytes that are never in memory as a whole. As a step's output they go to the store chunk by chunk; a later step gets an
 * `ArtifactStream` that reads them from there, as often as it is asked to, its content verified when its end is reached. The
 * class is a Standard Schema too: `output: ArtifactStream`.
 */
export class ArtifactStream implements AsyncIterable<Uint8Array> {
  static {
    recogniseByBrand(ArtifactStream, brand)
  }

  readonly mediaType: string
  readonly #open: () => StreamSource

  /** Takes a stream, which can be read once, or a function that opens it each time. */
  constructor(source: StreamSource | (() => StreamSource), options: ArtifactStreamOptions = {}) {
    if (typeof source !== 'function') checkSource(source)
    // A stream of Node that fails before anybody reads it would end the process; whoever reads it is told.
    if (source instanceof Readable) source.on('error', () => {})
    this.#open = typeof source === 'function' ? source : () => source
    this.mediaType = options.mediaType ?? 'application/octet-stream'
    Object.defineProperty(this, brand, { value: true })
  }

  /** The bytes as they come; nothing is opened before the first is asked for. */
  stream(): ReadableStream<Uint8Array> {
    const open = this.#open
    let chunks: AsyncGenerator<Uint8Array, void, undefined> | undefined
    let cancel: (reason: unknown) => Promise<void> = async () => {}
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (chunks === undefined) {
            const reader = openReader(checkSource(open()))
            cancel = reader.cancel
            chunks = toByteChunks(readAll(reader))
          }
          const step = await chunks.next()
          if (step.done === true) controller.close()
          else controller.enqueue(step.value)
        },
        cancel: (reason) => cancel(reason),
      },
      { highWaterMark: 0 },
    )
  }

  /** All of it at once, where it is known to be small. */
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await new Response(this.stream()).arrayBuffer())
  }

  /** All of it as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await this.bytes())
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.stream() as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>
  }

  static readonly '~standard': StandardSchemaV1.Props<ArtifactStream> = {
    version: 1,
    vendor: 'stack',
    validate: (value) =>
      isArtifactStream(value)
        ? { value }
        : { issues: [{ message: 'it must be an ArtifactStream: new ArtifactStream(stream)' }] },
  }
}

/** Recognises a stream of any copy of this package. */
export function isArtifactStream(value: unknown): value is ArtifactStream {
  return isBranded(value, brand)
}

function checkSource(source: StreamSource): StreamSource {
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) return source
  throw new StackError(
    'usage',
    'An ArtifactStream is made of a stream or an async iterable, or a function that gives one.',
  )
}
