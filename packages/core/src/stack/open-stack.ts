/** Makes a stack live, or tells everything that keeps it from being so. */
import type { ArtifactStore } from '../artifact-store/artifact-store.js'
import type { Log } from '../component/log.js'
import type { StackComponent } from '../component/stack-component.js'
import type { Problem } from '../errors/problem.js'
import { StackError, toStackError } from '../errors/stack-error.js'
import type { FlavorRegistry } from '../host/registry/flavor-registry.js'
import type { Orchestrator } from '../orchestrator/orchestrator.js'
import type { SettingsByKey } from '../orchestrator/run-plan.js'
import { processRedactor } from '../redaction/process-redactor.js'
import { mergeSettings } from '../settings/merge-settings.js'
import type { StackDefinition } from './definition.js'
import { openComponent } from './open-component.js'
import type { OpenedComponent, OpenedStack } from './opened-stack.js'
import { stackShapeProblems } from './stack-shape.js'

/** What a stack is opened with. */
export interface OpenStackOptions {
  readonly registry: FlavorRegistry
  readonly projectRoot: string
  /** What a run says over the components' own settings. */
  readonly settings?: SettingsByKey
  /** Where `{{env:NAME}}` is looked up: the process's environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

/**
 * Opens every component of a stack.
 * @throws StackError with all problems of all components at once; with the code and the hint of the one that fails, and
 * `invalid-stack` where several fail for different reasons.
 */
export async function openStack(definition: StackDefinition, options: OpenStackOptions): Promise<OpenedStack> {
  const { outcomes, problems } = await openComponents(definition, options)
  const opened = outcomes.flatMap((outcome) => ('component' in outcome ? [outcome.component] : []))
  const failures = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
  if (problems.length > 0) failures.unshift(stackError(definition, problems))
  if (failures.length > 0) {
    await disposeAll(opened.map(({ component }) => component))
    throw joinFailures(definition, failures)
  }
  const component = (type: string): StackComponent | undefined => opened.find((one) => one.type === type)?.component
  return {
    name: definition.name,
    artifactStore: component('artifact-store') as ArtifactStore,
    orchestrator: component('orchestrator') as Orchestrator,
    components: opened,
    redact: (value) => processRedactor().redact(value),
    [Symbol.asyncDispose]: () => disposeAll(opened.map((one) => one.component)),
  }
}

/** What became of each component of a stack, and what is wrong with the whole. */
export interface OpenedComponents {
  readonly outcomes: readonly ({ readonly component: OpenedComponent } | { readonly error: StackError })[]
  readonly problems: readonly Problem[]
}

/** Opens each component by itself, so that one that is broken hides no other. */
export async function openComponents(
  definition: StackDefinition,
  options: OpenStackOptions,
): Promise<OpenedComponents> {
  const { registry, projectRoot, log, env = process.env } = options
  const merged = mergeSettings(definition.components, options.settings)
  for (const { path, message } of merged.ignored) log.warn(`The settings "${path}" ${message}`)
  const outcomes = await Promise.all(
    definition.components.map(async (one, index) => {
      try {
        const component = await openComponent(one, merged.settings[index] ?? {}, {
          registry,
          projectRoot,
          env,
          log,
        })
        return { component: { type: one.type, name: one.name, flavor: one.flavor, component } }
      } catch (error) {
        return { error: inComponent(toStackError(error), one) }
      }
    }),
  )
  const settingsProblems = merged.problems.map(({ path, message }) => ({ path: `settings "${path}"`, message }))
  return { outcomes, problems: [...stackShapeProblems(definition.components), ...settingsProblems] }
}

/** Disposes components, the last one first; what one throws does not keep another from being disposed. */
export async function disposeAll(components: readonly StackComponent[]): Promise<void> {
  const failures: unknown[] = []
  for (const component of components.toReversed()) {
    try {
      await component.dispose()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** The paths of a component's problems begin with the component: `artifact-store.prod-bucket.region`. */
function inComponent(error: StackError, { type, name }: { readonly type: string; readonly name: string }): StackError {
  if (error.problems.length === 0) return error
  const problems = error.problems.map(({ path, message }) => ({
    path: path === '' ? `${type}.${name}` : `${type}.${name}${path.startsWith('[') ? '' : '.'}${path}`,
    message,
  }))
  return withProblems(error.code, error.message, error, problems)
}

function joinFailures(definition: StackDefinition, failures: readonly StackError[]): StackError {
  const [first] = failures
  if (first !== undefined && failures.length === 1) return first
  const codes = new Set(failures.map(({ code }) => code))
  const problems = failures.flatMap((error) =>
    error.problems.length > 0 ? error.problems : [{ path: '', message: error.message }],
  )
  const code = codes.size === 1 && first !== undefined ? first.code : 'invalid-stack'
  return withProblems(
    code,
    `The stack "${definition.name}" cannot be used: ${failures.length} of its parts are broken.`,
    first,
    problems,
  )
}

function withProblems(
  code: StackError['code'],
  message: string,
  source: StackError | undefined,
  problems: readonly Problem[],
): StackError {
  return new StackError(code, message, {
    problems,
    ...(source?.hint === undefined ? {} : { hint: source.hint }),
    ...(source === undefined ? {} : { cause: source, details: source.details }),
  })
}

function stackError(definition: StackDefinition, problems: readonly Problem[]): StackError {
  return new StackError('invalid-stack', `The stack "${definition.name}" cannot be used.`, {
    problems,
    hint: `stack describe ${definition.name}`,
  })
}
