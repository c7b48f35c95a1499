/** Conformance kits that every flavor package runs. */
export { artifactStoreCases } from './artifact-store/artifact-store-cases.js'
export {
  type ArtifactStoreSuite,
  type CreateOptions,
  describeArtifactStore,
  runStoreCase,
  type StoreServer,
} from './artifact-store/describe-artifact-store.js'
export {
  type SoakFault,
  type SoakOptions,
  type SoakReport,
  soakArtifactStore,
} from './artifact-store/soak/soak-artifact-store.js'
export type { SoakOperation } from './artifact-store/soak/soak-operations.js'
export type { FaultyStore, StoreCase, StoreCaseContext } from './artifact-store/store-case.js'
export type { ErrorAnswer, ErrorBody } from './fault-proxy/error-answer.js'
export { commonFaults, type FaultName } from './fault-proxy/fault-plan.js'
export { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy/fault-proxy.js'
export { describeFlavorPackage } from './flavor-package/describe-flavor-package.js'
export { type FlavorPackageCase, flavorPackageCases } from './flavor-package/flavor-package-cases.js'
export {
  describeOrchestrator,
  type OrchestratorSuite,
  orchestratorCases,
  runOrchestratorCase,
} from './orchestrator/describe-orchestrator.js'
export type {
  OrchestratorCase,
  OrchestratorCaseContext,
  OrchestratorOptions,
} from './orchestrator/orchestrator-case.js'
