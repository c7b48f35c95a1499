/** The S3 store against other clients: large files, the memory they take, a wire that limits them, and listings. */
import { runScenarios } from './artifact-store/run-scenarios.mjs'
import { s3LargeFiles } from './artifact-store/s3-large-files.mjs'
import { s3Listing } from './artifact-store/s3-listing.mjs'
import { s3Memory } from './artifact-store/s3-memory.mjs'
import { s3Wire } from './artifact-store/s3-wire.mjs'

await runScenarios('S3 artifact store: large files and listings', [
  ...s3LargeFiles,
  ...s3Memory,
  ...s3Wire,
  ...s3Listing,
])
