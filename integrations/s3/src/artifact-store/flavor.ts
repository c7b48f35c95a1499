/** The flavors of this package: one store, with the defaults of the server it speaks to. */
import { defineFlavor } from '@stack/core'
import {
  b2ArtifactStoreConfig,
  minioArtifactStoreConfig,
  r2ArtifactStoreConfig,
  s3ArtifactStoreConfig,
  wasabiArtifactStoreConfig,
} from './config/config.js'
import { S3ArtifactStore } from './s3-artifact-store.js'

const type = 'artifact-store'
const capabilities = { presign: true }
const load = async () => S3ArtifactStore

export const s3ArtifactStoreFlavor = defineFlavor({
  type,
  name: 's3',
  description: 'Keeps artifacts in a bucket of AWS S3 or a server that speaks its protocol.',
  config: s3ArtifactStoreConfig,
  capabilities,
  load,
})

export const minioArtifactStoreFlavor = defineFlavor({
  type,
  name: 'minio',
  description: 'Keeps artifacts in a bucket of a MinIO server.',
  config: minioArtifactStoreConfig,
  capabilities,
  load,
})

export const r2ArtifactStoreFlavor = defineFlavor({
  type,
  name: 'r2',
  description: 'Keeps artifacts in a bucket of Cloudflare R2.',
  config: r2ArtifactStoreConfig,
  capabilities,
  load,
})

export const b2ArtifactStoreFlavor = defineFlavor({
  type,
  name: 'b2',
  description: 'Keeps artifacts in a bucket of Backblaze B2.',
  config: b2ArtifactStoreConfig,
  capabilities,
  load,
})

export const wasabiArtifactStoreFlavor = defineFlavor({
  type,
  name: 'wasabi',
  description: 'Keeps artifacts in a bucket of Wasabi.',
  config: wasabiArtifactStoreConfig,
  capabilities,
  load,
})
