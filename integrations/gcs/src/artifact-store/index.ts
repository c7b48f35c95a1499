/** The flavor `artifact-store/gcs`. */
export { gcsArtifactStoreConfig } from './config.js'
export { gcsArtifactStoreFlavor } from './flavor.js'
