/** The flavors `artifact-store/s3` and its presets. */
export {
  b2ArtifactStoreConfig,
  minioArtifactStoreConfig,
  r2ArtifactStoreConfig,
  s3ArtifactStoreConfig,
  wasabiArtifactStoreConfig,
} from './config/config.js'
export {
  b2ArtifactStoreFlavor,
  minioArtifactStoreFlavor,
  r2ArtifactStoreFlavor,
  s3ArtifactStoreFlavor,
  wasabiArtifactStoreFlavor,
} from './flavor.js'
