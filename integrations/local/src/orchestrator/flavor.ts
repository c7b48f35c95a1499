/** The flavor `orchestrator/local`: config, settings and the implementation's place. */
import { defineFlavor } from '@stack/core'
import { localOrchestratorConfig, localOrchestratorSettings } from './config.js'

export const localOrchestratorFlavor = defineFlavor({
  type: 'orchestrator',
  name: 'local',
  description: 'Runs the steps on this machine, in the process of the run or each in its own.',
  config: localOrchestratorConfig,
  settings: localOrchestratorSettings,
  capabilities: { schedule: 'driven', isolation: ['none', 'process'] },
  load: async () => (await import('./local-orchestrator.js')).LocalOrchestrator,
})
