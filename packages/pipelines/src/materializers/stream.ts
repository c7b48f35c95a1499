/** Streams: bytes that pass through, hashed on their way, and are never in memory as a whole. */
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { StackError } from '@stack/core'
import { ArtifactStream, isArtifactStream } from './artifact-stream.js'
import { defineMaterializer, type StoredContent } from './materializer.js'
import type { StreamSource } from './stream-reader.js'

/** How each kind is made again of what is in the store. */
const forms = {
  ArtifactStream: (content: StoredContent) =>
    new ArtifactStream(() => content.stream(), { mediaType: content.mediaType }),
  ReadableStream: (content: StoredContent) => content.stream(),
  Readable: (content: StoredContent) => Readable.fromWeb(content.stream() as NodeReadableStream),
} as const

type Form = keyof typeof forms
type StreamValue = ArtifactStream | ReadableStream<Uint8Array> | Readable

/** The materializer of {@link ArtifactStream}, `ReadableStream` and Node's `Readable`. */
export const streamMaterializer = defineMaterializer<StreamValue>({
  name: 'stream',
  mediaType: 'application/octet-stream',
  matches: (value) => formOf(value) !== undefined,
  save: (value) => ({
    content: isArtifactStream(value) ? value.stream() : (value as Exclude<StreamSource, ReadableStream<string>>),
    ...(isArtifactStream(value) ? { mediaType: value.mediaType } : {}),
    metadata: { form: formOf(value) ?? 'ArtifactStream' },
  }),
  load(content) {
    const { form = 'ArtifactStream' } = content.metadata
    if (typeof form === 'string' && Object.hasOwn(forms, form)) return forms[form as Form](content)
    throw new StackError(
      'unsupported',
      `A stream was stored as ${JSON.stringify(form).slice(0, 100)}, which this version does not know.`,
    )
  },
})

function formOf(value: unknown): Form | undefined {
  if (isArtifactStream(value)) return 'ArtifactStream'
  if (value instanceof ReadableStream) return 'ReadableStream'
  return value instanceof Readable ? 'Readable' : undefined
}
