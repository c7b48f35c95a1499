/** Where in a bucket a store is. */
import type { ArtifactStore } from '@stack/core'

/** The root of a store, on a bucket or nested in it. */
export function bucketPath(bucket: string, below: string | undefined): string {
  return below === undefined ? `gs://${bucket}` : `gs://${bucket}/${below}`
}

/** The bucket of a store, and the name in it of a key as it stands. */
export function objectPlace(store: ArtifactStore, key: string): { readonly bucket: string; readonly name: string } {
  const [, bucket = '', prefix = ''] = /^gs:\/\/([^/]+)\/?(.*)$/s.exec(store.uri('')) ?? []
  return { bucket, name: prefix === '' ? key : `${prefix}/${key}` }
}
