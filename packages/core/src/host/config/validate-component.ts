/** Validates a component as it is written: by its flavor's JSON Schema first, then by the flavor's own zod schema. */
import type { Problem } from '../../errors/problem.js'
import { isStackError } from '../../errors/stack-error.js'
import type { Flavor } from '../../flavor/flavor-types.js'
import { processRedactor } from '../../redaction/process-redactor.js'
import type { FlavorHandle } from '../registry/flavor-handle.js'
import type { FlavorRegistry } from '../registry/flavor-registry.js'
import type { Warning } from '../warning.js'
import { checkWithModule } from './check-module.js'
import { findValueProblems, type ValueCheckOptions, type ValueProblems } from './check-values.js'
import type { JsonSchema } from './json-schema.js'
import { formatReference, type PlacedReference } from './references.js'

/** What is validated. */
export interface ComponentToValidate {
  readonly registry: FlavorRegistry
  readonly handle: FlavorHandle
  readonly config: unknown
  readonly settings?: unknown
}

/** What a validation found. */
export interface ComponentValidation {
  /** A settings field's path begins with `settings.`. */
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  /** Whether one of the problems is plain text in a secret field. */
  readonly secretPlainText: boolean
}

/**
 * Every problem of a component's config and settings. Where the flavor's module cannot be imported the JSON Schema's verdict
 * stands, with the warning `flavor-unloadable`.
 * @throws StackError `invalid-manifest`, `invalid-flavor`, `contract-mismatch`.
 */
export async function validateComponent(component: ComponentToValidate): Promise<ComponentValidation> {
  const { registry, handle, config, settings = {} } = component
  const schemas = registry.schemas(handle)
  const { time } = registry
  const configProblems = findValueProblems(schemas.config, config, { kind: 'config', time })
  const settingsProblems = findValueProblems(schemas.settings, settings, { kind: 'settings', time })
  const { flavor, warnings } = await tryLoad(registry, handle)
  const fromConfig = await bothVerdicts(
    configProblems,
    flavor && { schema: flavor.config, values: config, partial: false },
  )
  const fromSettings = await bothVerdicts(
    settingsProblems,
    flavor && { schema: flavor.settings, values: settings, partial: true },
  )
  return {
    problems: processRedactor().redact([...fromConfig, ...fromSettings.map(inSettings)]),
    warnings: [
      ...registry.shadowWarnings(handle),
      ...warnings,
      ...unresolvedWarnings(configProblems.references),
      ...unresolvedWarnings(settingsProblems.references, 'settings.'),
    ],
    secretPlainText: configProblems.plainTexts.length + settingsProblems.plainTexts.length > 0,
  }
}

/** Everything wrong with values by a JSON Schema: unknown and missing fields, types, patterns, formats, secrets in plain text. */
export async function checkValues(
  schema: JsonSchema,
  values: unknown,
  options: ValueCheckOptions,
): Promise<readonly Problem[]> {
  return findValueProblems(schema, values, options).problems
}

async function tryLoad(
  registry: FlavorRegistry,
  handle: FlavorHandle,
): Promise<{ flavor?: Flavor; warnings: readonly Warning[] }> {
  try {
    return { flavor: await registry.load(handle), warnings: [] }
  } catch (error) {
    if (!isStackError(error, 'flavor-unloadable')) throw error
    const { message, hint } = error
    const warning = { code: 'flavor-unloadable', message: `${message} Its JSON Schema alone was checked.` }
    return { warnings: [hint === undefined ? warning : { ...warning, hint }] }
  }
}

/** The module is asked only about what the JSON Schema accepts. */
async function bothVerdicts(
  found: ValueProblems,
  module: { readonly schema: Flavor['config']; readonly values: unknown; readonly partial: boolean } | undefined,
): Promise<readonly Problem[]> {
  if (found.problems.length > 0 || module === undefined) return found.problems
  const verdict = await checkWithModule(module.schema, module.values, { partial: module.partial })
  return 'problems' in verdict ? verdict.problems : []
}

function inSettings({ path, message }: Problem): Problem {
  return { path: path === '' ? 'settings' : path.startsWith('[') ? `settings${path}` : `settings.${path}`, message }
}

function unresolvedWarnings(references: readonly PlacedReference[], prefix = ''): readonly Warning[] {
  return references.flatMap(({ path, reference }) =>
    reference.kind === 'env'
      ? []
      : [
          {
            code: 'secret-unresolved',
            message: `${prefix}${path.join('.')} refers to ${formatReference(reference)}, which nothing resolves yet: the component cannot be used until something does.`,
            hint: 'Until there is a store of secrets only the environment is resolved, as in: {{env:NAME}}',
          },
        ],
  )
}
