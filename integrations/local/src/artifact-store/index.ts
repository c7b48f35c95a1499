/** The flavor `artifact-store/local`. */
export { localArtifactStoreConfig } from './config.js'
export { localArtifactStoreFlavor } from './flavor.js'
