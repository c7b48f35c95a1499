/** The GCS store against Google's library. */
import { gcsObjects } from './artifact-store/gcs-objects.mjs'
import { runScenarios } from './artifact-store/run-scenarios.mjs'

await runScenarios('GCS artifact store', gcsObjects)
