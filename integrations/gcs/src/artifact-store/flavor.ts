/** The flavor of this package. */
import { defineFlavor } from '@stack/core'
import { gcsArtifactStoreConfig } from './config.js'

export const gcsArtifactStoreFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'gcs',
  description: 'Keeps artifacts in a bucket of Google Cloud Storage.',
  config: gcsArtifactStoreConfig,
  capabilities: { presign: true },
  load: async () => (await import('./gcs-artifact-store.js')).GcsArtifactStore,
})
