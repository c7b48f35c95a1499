/** What pipeline authors use. */
export type { StepContext } from './definition/context.js'
export { type Handle, isHandle } from './definition/handle.js'
export {
  isPipeline,
  type Pipeline,
  type PipelineDefinition,
  type PipelineOptions,
  type PipelineParams,
  pipeline,
} from './definition/pipeline.js'
export type { Schema, SchemaInput, SchemaOutput } from './definition/schema.js'
export { isStep, type Step, type StepOptions, step } from './definition/step.js'
export type { StepCallOptions, StepDefinition } from './definition/step-definition.js'
export type {
  Bindable,
  BoundInputs,
  StepGiven,
  StepHandles,
  StepInput,
  StepResult,
  StepReturn,
} from './definition/step-types.js'
export { type TestContext, type TestLogLine, testContext } from './definition/test-context.js'
export {
  ArtifactDirectory,
  type ArtifactDirectoryOptions,
  isArtifactDirectory,
} from './materializers/artifact-directory.js'
export { ArtifactFile, type ArtifactFileOptions, isArtifactFile } from './materializers/artifact-file.js'
export { ArtifactStream, type ArtifactStreamOptions, isArtifactStream } from './materializers/artifact-stream.js'
export type { DirectoryFile, DirectorySource, DirectoryTree, OpenedFile } from './materializers/directory-tree.js'
export {
  type Content,
  type DescribedContent,
  defineMaterializer,
  type FileTransfer,
  type Materializer,
  type SaveContext,
  type StoredContent,
  type StoredFile,
} from './materializers/materializer.js'
export type { StreamSource } from './materializers/stream-reader.js'
