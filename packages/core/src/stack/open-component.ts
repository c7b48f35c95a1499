/** Makes a component live: resolves its references, parses its config with the installed flavor, constructs its class. */
import { classFault } from '../component/base-type.js'
import type { ComponentClass } from '../component/component-class.js'
import type { ComponentType } from '../component/component-type.js'
import type { Log } from '../component/log.js'
import { isStackComponent, type StackComponent } from '../component/stack-component.js'
import { formatProblemPath, type Problem } from '../errors/problem.js'
import { StackError } from '../errors/stack-error.js'
import type { Flavor, ObjectSchema } from '../flavor/flavor-types.js'
import { checkWithModule } from '../host/config/check-module.js'
import { findResolvedProblems, findSecrets, findValueProblems } from '../host/config/check-values.js'
import type { JsonSchema } from '../host/config/json-schema.js'
import { environmentResolver, formatReference, resolveReferences } from '../host/config/references.js'
import { deepFreeze, wrapSecrets } from '../host/config/wrap-secrets.js'
import { type FlavorHandle, ownerOfHandle } from '../host/registry/flavor-handle.js'
import type { FlavorRegistry } from '../host/registry/flavor-registry.js'
import { formatFlavorSpec } from '../host/registry/flavor-spec.js'
import { unloadable } from '../host/registry/unloadable.js'
import type { ConfigValues } from '../ports/record-store.js'
import { processRedactor } from '../redaction/process-redactor.js'
import { changedFlavorError, componentLabel } from './changed-flavor.js'
import type { ComponentDefinition } from './definition.js'

/** What a component is opened with. */
export interface OpenComponentOptions {
  readonly registry: FlavorRegistry
  readonly projectRoot: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

/**
 * Opens a component with its settings merged.
 * @throws StackError that names the component: `unknown-flavor`, `invalid-config`, `secret-plain-text`, `not-found` of what a
 * reference names, `flavor-unloadable`, `contract-mismatch`, `invalid-flavor`.
 */
export async function openComponent(
  definition: ComponentDefinition,
  settings: ConfigValues,
  options: OpenComponentOptions,
): Promise<StackComponent> {
  const { registry, projectRoot, log } = options
  const handle = resolveFlavor(definition, registry)
  const schemas = registry.schemas(handle)
  const flavor = await registry.load(handle)
  const part = { definition, handle, options }
  const config = await parsePart({
    ...part,
    kind: 'config',
    json: schemas.config,
    zod: flavor.config,
    values: definition.config,
  })
  const parsedSettings = await parsePart({
    ...part,
    kind: 'settings',
    json: schemas.settings,
    zod: flavor.settings,
    values: settings,
  })
  const Component = await loadComponentClass(flavor, handle)
  const component = new Component({
    id: definition.id,
    name: definition.name,
    config: config as never,
    settings: parsedSettings as never,
    projectRoot,
    log,
  })
  if (!isStackComponent(component)) throw wrongClass(handle, 'what it constructs is no component')
  return component
}

/**
 * Imports the implementation of a flavor: the way to its SDK.
 * @throws StackError `flavor-unloadable`, naming the package that is missing; `invalid-flavor`.
 */
export async function loadComponentClass(
  flavor: Flavor,
  handle: FlavorHandle,
): Promise<ComponentClass<ComponentType, never, never>> {
  let loaded: ComponentClass<ComponentType, never, never>
  try {
    loaded = await flavor.load()
  } catch (error) {
    throw unloadable(handle, error)
  }
  const fault = classFault(loaded, handle.type)
  if (fault !== undefined) throw wrongClass(handle, fault)
  return loaded
}

/** The flavor a definition names: of the package it was registered with, wherever that is now. */
function resolveFlavor(definition: ComponentDefinition, registry: FlavorRegistry): FlavorHandle {
  const { type, package: packageName } = definition
  try {
    return registry.resolve(type, formatFlavorSpec(definition))
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    const hint = packageName === null || error.code !== 'unknown-flavor' ? error.hint : `npm install ${packageName}`
    throw new StackError(error.code, `${componentLabel(definition)}: ${error.message}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}

interface Part {
  readonly definition: ComponentDefinition
  readonly handle: FlavorHandle
  readonly options: OpenComponentOptions
  readonly kind: 'config' | 'settings'
  readonly json: JsonSchema
  readonly zod: ObjectSchema
  readonly values: ConfigValues
}

/** One half of a component's values, from as given to as its class receives them. */
async function parsePart({ definition, handle, options, kind, json, zod, values }: Part): Promise<unknown> {
  const { time } = options.registry
  const given = findValueProblems(json, values, { kind: 'config', time })
  if (given.problems.length > 0) {
    throw changedFlavorError({
      definition,
      handle,
      kind,
      problems: given.problems,
      plainText: given.plainTexts.length > 0,
    })
  }
  const { values: plain, resolved, unresolved } = resolveReferences(values, environmentResolver(options.env))
  const marked = findSecrets(json, plain, time)
  const secretPlaces = new Set(marked.map((path) => JSON.stringify(path)))
  for (const { path, reference, value } of resolved) {
    if (reference.kind === 'secret' || secretPlaces.has(JSON.stringify(path))) processRedactor().add(value)
  }
  if (unresolved.length > 0) throw unresolvedError(definition, kind, unresolved)
  const jsonProblems = findResolvedProblems(json, plain, time)
  const verdict =
    jsonProblems.length > 0 ? { problems: jsonProblems } : await checkWithModule(zod, plain, { partial: false })
  if ('problems' in verdict) {
    const problems: readonly Problem[] = processRedactor().redact(verdict.problems)
    throw changedFlavorError({ definition, handle, kind, problems, plainText: false })
  }
  return deepFreeze(wrapSecrets(verdict.output, findSecrets(json, verdict.output, time)))
}

function unresolvedError(
  definition: ComponentDefinition,
  kind: 'config' | 'settings',
  unresolved: ReturnType<typeof resolveReferences>['unresolved'],
): StackError {
  const problems = unresolved.map(({ path, reference, reason }) => ({
    path: formatProblemPath(kind === 'config' ? path : ['settings', ...path]),
    message: `refers to ${formatReference(reference)}, but ${reason}`,
  }))
  const env = unresolved.find(({ reference }) => reference.kind === 'env')?.reference
  return new StackError('not-found', `${componentLabel(definition)} refers to what cannot be found.`, {
    problems,
    hint:
      env?.kind === 'env'
        ? `Set it, as in: export ${env.name}=…`
        : `stack ${definition.type} update ${definition.name} --<field>='{{env:NAME}}'`,
  })
}

function wrongClass(handle: FlavorHandle, fault: string): StackError {
  const owner = ownerOfHandle(handle)
  return new StackError(
    'invalid-flavor',
    `The class that the flavor ${handle.type}/${handle.name} of ${owner} loads cannot be used: ${fault}.`,
    {
      hint: `Its load() must give a class that extends the base class of ${handle.type} in @stack/core.`,
    },
  )
}
