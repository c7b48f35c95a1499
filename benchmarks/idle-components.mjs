/** What a component costs that is made and never called. */
import { idleComponents } from './artifact-store/idle-component.mjs'
import { runScenarios } from './artifact-store/run-scenarios.mjs'

await runScenarios('Components that are not used', idleComponents)
