/** Config and settings of the local orchestrator. */
import { z } from '@stack/core'

/** Nothing is fixed at registration: everything may differ between runs. */
export const localOrchestratorConfig = z.strictObject({})
export type LocalOrchestratorConfig = z.output<typeof localOrchestratorConfig>

export const localOrchestratorSettings = z.strictObject({
  concurrency: z.int().min(1).max(1024).default(4).describe('How many steps may run at once.'),
  isolation: z
    .enum(['none', 'process'])
    .default('none')
    .describe('Where a step runs: "none" in the process of the run, "process" in a process of its own.'),
  graceSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .describe('How long a cancelled step may take to end before it is abandoned, or its process killed.'),
})
export type LocalOrchestratorSettings = z.output<typeof localOrchestratorSettings>
