/** What flavor authors and pipeline authors use. */
export { z } from 'zod'
export { ArtifactStore } from './artifact-store/artifact-store.js'
export {
  type ArtifactStoreConfig,
  artifactStoreConfig,
  artifactStorePath,
} from './artifact-store/artifact-store-config.js'
export type {
  ArtifactEntry,
  ArtifactPath,
  MoveOptions,
  ReadOptions,
  StreamOptions,
  WriteOptions,
} from './artifact-store/artifact-store-options.js'
export type { ArtifactWriter } from './artifact-store/artifact-writer.js'
export { resolveRange } from './artifact-store/byte-range.js'
export { reservedMetadataName, tooMuchMetadata } from './artifact-store/check-metadata.js'
export { combineCrc } from './artifact-store/crc-combine.js'
export type {
  ArtifactStoreCapabilities,
  ArtifactStoreDriver,
  ByteRange,
  CopyOptions,
  Crc,
  DeleteResult,
  DirectoryNames,
  DriverOptions,
  GetOptions,
  GetResult,
  ListOptions,
  MultipartUpload,
  OperationOptions,
  Page,
  PartOptions,
  PartResult,
  PartSource,
  Placed,
  PresignedRequest,
  PresignOptions,
  PutOptions,
  PutResult,
  PutSource,
  Stat,
  UnfinishedUpload,
  VerifyCheck,
} from './artifact-store/driver.js'
export { compareKeys, sortKey } from './artifact-store/key-order.js'
export type { OpenMode } from './artifact-store/open-mode.js'
export { alreadyExists, versionChanged } from './artifact-store/refusals.js'
export { localRootPath, type StoreRoot } from './artifact-store/store-root.js'
export { allocate, type TransferOptions } from './artifact-store/transfer-options.js'
export type { VerifyOptions, VerifyReport } from './artifact-store/verify-store.js'
export type { WalkedDirectory, WalkOrder } from './artifact-store/walk-directory.js'
export type { WritableChunk, WritableData } from './artifact-store/write-source.js'
export type { ComponentByType, ComponentClass, ComponentOf } from './component/component-class.js'
export type { ComponentContext } from './component/component-context.js'
export {
  type ComponentType,
  componentTypes,
  isComponentType,
  parseComponentType,
  requiredComponentTypes,
} from './component/component-type.js'
export type { RunInfo, StackView, StackViewComponent, StepRunInfo } from './component/hooks.js'
export { type Log, type LogFields, silentLog } from './component/log.js'
export type { JsonValue, Metadata } from './component/metadata.js'
export { isSecret, Secret } from './component/secret.js'
export { secret } from './component/secret-field.js'
export { isStackComponent, StackComponent } from './component/stack-component.js'
export { type ErrorCode, errorExitCodes, isErrorCode } from './errors/codes.js'
export { formatProblemPath, type Problem } from './errors/problem.js'
export {
  isStackError,
  StackError,
  type StackErrorJson,
  type StackErrorOptions,
  toStackError,
} from './errors/stack-error.js'
export { didYouMean, suggest } from './errors/suggestions.js'
export { fileErrorMeaning, type SystemErrorMeaning } from './errors/system-error.js'
export { makeDirectories } from './files/make-directories.js'
export { acceptedContracts, acceptsContract, contract } from './flavor/contract.js'
export { defineFlavor, noSettings } from './flavor/flavor.js'
export { flavorContract, isFlavor } from './flavor/flavor-brand.js'
export type { Flavor, FlavorDefinition, ObjectSchema } from './flavor/flavor-types.js'
export { DrivenOrchestrator, type LaunchOptions } from './orchestrator/driven-orchestrator.js'
export type { DriveOptions } from './orchestrator/driven-run.js'
export { type LogEvent, parseLogEvent } from './orchestrator/log-event.js'
export {
  type CodeLocation,
  Orchestrator,
  type OrchestratorHost,
  type RunEvent,
  type RunRequest,
  type RunState,
  type RunStatus,
  type StepStatus,
  type Ticket,
} from './orchestrator/orchestrator.js'
export type { Commit, CommittedOutput, ProcessEnd, StepOutcome } from './orchestrator/outcome.js'
export type { InputBinding, PlannedInvocation, RunPlan, SettingsByKey } from './orchestrator/run-plan.js'
export type {
  InvocationProgress,
  RunCommand,
  RunProgress,
  RunProgressEvent,
  RunTransition,
} from './orchestrator/run-progress.js'
export { reduceRun, startRun } from './orchestrator/run-reducer.js'
export type { StepCommand, StepCommandOptions, StepRef } from './orchestrator/step-ref.js'
export type {
  ArtifactRecord,
  ComponentRecord,
  ConfigValues,
  ExpectedRevision,
  RecordStore,
  Revisioned,
  RunRecord,
  SourceFlavorRecord,
  StackRecord,
  StepRunRecord,
} from './ports/record-store.js'
export type { LoadedSource, SourceLoader } from './ports/source-loader.js'
export type { ComponentDefinition, StackDefinition } from './stack/definition.js'
export type { OpenedComponent, OpenedStack } from './stack/opened-stack.js'
