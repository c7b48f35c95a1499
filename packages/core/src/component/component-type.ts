/** The ten component types. */
import { StackError } from '../errors/stack-error.js'
import { didYouMean } from '../errors/suggestions.js'

/** Every component type, in the order in which stacks show them. */
export const componentTypes = [
  'orchestrator',
  'artifact-store',
  'container-registry',
  'step-operator',
  'model-deployer',
  'feature-store',
  'experiment-tracker',
  'alerter',
  'annotator',
  'data-validator',
] as const

/** One kind of component, kebab-case everywhere. */
export type ComponentType = (typeof componentTypes)[number]

/** The types of which every stack has exactly one; of the others it may have none or several. */
export const requiredComponentTypes = ['orchestrator', 'artifact-store'] as const satisfies readonly ComponentType[]

/** Says whether a value names a component type. */
export function isComponentType(value: unknown): value is ComponentType {
  return (componentTypes as readonly unknown[]).includes(value)
}

/**
 * Reads a component type.
 * @throws StackError `unknown-component-type`, with a suggestion.
 */
export function parseComponentType(value: string): ComponentType {
  if (isComponentType(value)) return value
  throw new StackError(
    'unknown-component-type',
    `"${value.slice(0, 100)}" is not a component type.${didYouMean(value, componentTypes)}`,
    { hint: `The component types are: ${componentTypes.join(', ')}.` },
  )
}
