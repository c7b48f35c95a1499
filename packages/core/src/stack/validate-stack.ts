/** Validates a stack: its shape, each of its components, and what the components say of each other. */
import type { StackView } from '../component/hooks.js'
import type { Problem } from '../errors/problem.js'
import { formatFlavorSpec } from '../host/registry/flavor-spec.js'
import type { Warning } from '../host/warning.js'
import { processRedactor } from '../redaction/process-redactor.js'
import type { StackDefinition } from './definition.js'
import { disposeAll, type OpenStackOptions, openComponents } from './open-stack.js'

/** What a validation of a stack found. */
export interface StackValidation {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

/** Every problem of a stack at once; a component whose `validateStack` throws has a problem, and hides no other. */
export async function validateStack(definition: StackDefinition, options: OpenStackOptions): Promise<StackValidation> {
  const { outcomes, problems } = await openComponents(definition, options)
  const view = stackView(definition, options)
  const opened = outcomes.flatMap((outcome) => ('component' in outcome ? [outcome.component] : []))
  const broken = outcomes.flatMap((outcome, index) => {
    if (!('error' in outcome)) return []
    const { error } = outcome
    const part = definition.components[index]
    return error.problems.length > 0
      ? error.problems
      : [{ path: `${part?.type}.${part?.name}`, message: error.message }]
  })
  const fromHooks = await Promise.all(
    opened.map(async ({ type, name, component }) => {
      try {
        return (await component.validateStack?.(view)) ?? []
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        return [{ path: `${type}.${name}`, message: `could not be asked whether it fits: ${reason}` }]
      }
    }),
  )
  await disposeAll(opened.map(({ component }) => component))
  return { problems: processRedactor().redact([...problems, ...broken, ...fromHooks.flat()]), warnings: [] }
}

function stackView({ name, components }: StackDefinition, { registry }: OpenStackOptions): StackView {
  return {
    name,
    components: components.map((component) => {
      const { type, name, flavor } = component
      const handle = registry.tryResolve(type, formatFlavorSpec(component))
      return { type, name, flavor, capabilities: 'capabilities' in handle ? handle.capabilities : {} }
    }),
  }
}
