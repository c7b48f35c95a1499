/** What the first read of a process costs. */
import { firstRead } from './artifact-store/first-read.mjs'
import { runScenarios } from './artifact-store/run-scenarios.mjs'

await runScenarios('First read of a process', [firstRead])
