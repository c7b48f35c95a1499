/** The flavor `artifact-store/local`: config and the implementation's place. */
import { defineFlavor } from '@stack/core'
import { localArtifactStoreConfig } from './config.js'

export const localArtifactStoreFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'local',
  description: 'Keeps artifacts in a directory of this machine.',
  config: localArtifactStoreConfig,
  capabilities: { conditionalCreate: true, presign: false },
  load: async () => (await import('./local-artifact-store.js')).LocalArtifactStore,
})
