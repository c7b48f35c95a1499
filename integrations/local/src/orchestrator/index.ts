/** The flavor `orchestrator/local`. */
export { localOrchestratorConfig, localOrchestratorSettings } from './config.js'
export { localOrchestratorFlavor } from './flavor.js'
