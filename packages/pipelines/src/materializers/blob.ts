/** Blobs and web files: bytes that know their media type. */
import type { Metadata } from '@stack/core'
import { defineMaterializer } from './materializer.js'

/** The materializer of `Blob` and `File`. */
export const blobMaterializer = defineMaterializer<Blob>({
  name: 'blob',
  mediaType: 'application/octet-stream',
  matches: (value) => value instanceof Blob,
  save: (blob) => ({
    content: blob.stream() as ReadableStream<Uint8Array>,
    ...(blob.type === '' ? {} : { mediaType: blob.type }),
    metadata: describeBlob(blob),
  }),
  async load(content) {
    const { type, name, lastModified } = content.metadata
    const options = { type: typeof type === 'string' ? type : '' }
    const bytes = await content.bytes()
    if (typeof name !== 'string') return new Blob([bytes], options)
    return new File([bytes], name, { ...options, ...(typeof lastModified === 'number' ? { lastModified } : {}) })
  },
})

function describeBlob(blob: Blob): Metadata {
  if (!(blob instanceof File)) return { type: blob.type }
  return { type: blob.type, name: blob.name, lastModified: blob.lastModified }
}
