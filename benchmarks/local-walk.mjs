/** The local store's walk against `find`. */
import { localWalk } from './artifact-store/local-walk.mjs'
import { runScenarios } from './artifact-store/run-scenarios.mjs'

await runScenarios('Local artifact store: walk', localWalk)
