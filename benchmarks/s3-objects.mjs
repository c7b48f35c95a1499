/** The S3 store against other clients: objects that one request carries. */
import { runScenarios } from './artifact-store/run-scenarios.mjs'
import { s3Objects } from './artifact-store/s3-objects.mjs'

await runScenarios('S3 artifact store: small objects', s3Objects)
