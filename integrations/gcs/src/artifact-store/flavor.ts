/** The flavor of this package. */
import { defineFlavor } from '@stack/core'
import { gcsArtifactStoreConfig } from './config.js'
import { GcsArtifactStore } from './gcs-artifact-store.js'

export const gcsArtifactStoreFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'gcs',
  description: 'Keeps artifacts in a bucket of Google Cloud Storage.',
  config: gcsArtifactStoreConfig,
  capabilities: { presign: true },
  load: async () => GcsArtifactStore,
})
