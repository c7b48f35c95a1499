/** What programs use: discovery, the registry, validation, live stacks. Cheap to import: what is heavy loads on use. */
export { isFlavorName, isPackageName } from '../flavor/manifest.js'
export { plainText } from '../flavor/plain-text.js'
export { processRedactor } from '../redaction/process-redactor.js'
export { redactOutput } from '../redaction/redact-output.js'
export type { Redactor } from '../redaction/redactor.js'
export { sanitize, sanitizeJson, sanitizeLine } from '../redaction/sanitize.js'
export { type MergedSettings, mergeSettings, mergeValues, type SettingsTarget } from '../settings/merge-settings.js'
export type { OpenStackOptions } from '../stack/open-stack.js'
export { stackShapeProblems } from '../stack/stack-shape.js'
export type { StackValidation } from '../stack/validate-stack.js'
export type { ValueCheckOptions } from './config/check-values.js'
export { type DescribeOptions, describeFields, type FieldDescription } from './config/describe-fields.js'
export { type JsonSchema, resolveRef } from './config/json-schema.js'
export {
  environmentResolver,
  findReferences,
  formatReference,
  isReference,
  type PlacedReference,
  parseReference,
  type Reference,
  type Resolution,
  type Resolved,
  resolveReferences,
} from './config/references.js'
export type { ComponentToValidate, ComponentValidation } from './config/validate-component.js'
export { valueFault } from './config/value-fault.js'
export { TimeOver, WorkTime } from './config/work-time.js'
export type { FlavorOrigin } from './discovery/discover-packages.js'
export { fromFileError } from './file-error.js'
export { fileSizeLimit, type RegularFile, readRegularFile } from './files/read-regular-file.js'
export type { GeneratedFlavorPackage } from './generate/generate-flavor-package.js'
export {
  checkResolvedValues,
  checkValues,
  flavorSchemas,
  generateFlavorPackage,
  loadComponentClass,
  openComponents,
  openStack,
  validateComponent,
  validateStack,
} from './lazy.js'
export { OutsideProject } from './ownership/outside-project.js'
export { type Environment, isPrivate } from './ownership/owners.js'
export { requireTrusted, trustKey } from './ownership/require-trusted.js'
export { describeFlavorFields } from './registry/describe-flavor.js'
export type { FlavorHandle, FlavorRow, FlavorStatus } from './registry/flavor-handle.js'
export { FlavorRegistry, type FlavorRegistryOptions, type FlavorSchemaPair } from './registry/flavor-registry.js'
export { formatFlavorSpec } from './registry/flavor-spec.js'
export { parseSourceFlavorManifest, type SourceFlavorManifest } from './registry/source-flavor.js'
export { secretPlainTextHint } from './secret-hint.js'
export { shellWord } from './shell-word.js'
export type { Warning } from './warning.js'
