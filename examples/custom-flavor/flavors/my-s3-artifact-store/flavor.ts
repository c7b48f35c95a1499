/** Brings the config and the implementation together under a name. */
import { defineFlavor } from '@stack/core'
import { myS3ArtifactStoreConfig } from './config.js'

export const MyS3ArtifactStoreFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'my_s3_artifact_store',
  description: 'Keeps artifacts in an S3 bucket.',
  config: myS3ArtifactStoreConfig,
  // The only way to the SDK: the config above is validated without it.
  load: async () => (await import('./store.js')).MyS3ArtifactStore,
})
