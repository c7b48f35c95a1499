/** The functions of a host whose code loads zod, a pattern engine or a flavor: each imports it when it is called. */
import type { ComponentClass } from '../component/component-class.js'
import type { ComponentType } from '../component/component-type.js'
import type { Problem } from '../errors/problem.js'
import type { Flavor } from '../flavor/flavor-types.js'
import type { StackDefinition } from '../stack/definition.js'
import type { OpenedComponents, OpenStackOptions } from '../stack/open-stack.js'
import type { OpenedStack } from '../stack/opened-stack.js'
import type { StackValidation } from '../stack/validate-stack.js'
import type { ValueCheckOptions } from './config/check-values.js'
import type { JsonSchema } from './config/json-schema.js'
import type { ComponentToValidate, ComponentValidation } from './config/validate-component.js'
import type { GeneratedFlavorPackage, GenerateOptions } from './generate/generate-flavor-package.js'
import type { FlavorHandle } from './registry/flavor-handle.js'
import type { FlavorSchemaPair } from './registry/flavor-registry.js'

/** See `config/validate-component.ts`. */
export async function checkValues(
  schema: JsonSchema,
  values: unknown,
  options: ValueCheckOptions,
): Promise<readonly Problem[]> {
  return (await import('./config/validate-component.js')).checkValues(schema, values, options)
}

/** Everything wrong with values in which every reference is resolved: secrets stand as they are. */
export async function checkResolvedValues(schema: JsonSchema, values: unknown): Promise<readonly Problem[]> {
  return (await import('./config/check-values.js')).findResolvedProblems(schema, values)
}

/** See `config/validate-component.ts`. */
export async function validateComponent(component: ComponentToValidate): Promise<ComponentValidation> {
  return (await import('./config/validate-component.js')).validateComponent(component)
}

/** See `stack/open-stack.ts`. */
export async function openStack(definition: StackDefinition, options: OpenStackOptions): Promise<OpenedStack> {
  return (await import('../stack/open-stack.js')).openStack(definition, options)
}

/** See `stack/open-stack.ts`. */
export async function openComponents(
  definition: StackDefinition,
  options: OpenStackOptions,
): Promise<OpenedComponents> {
  return (await import('../stack/open-stack.js')).openComponents(definition, options)
}

/** See `stack/validate-stack.ts`. */
export async function validateStack(definition: StackDefinition, options: OpenStackOptions): Promise<StackValidation> {
  return (await import('../stack/validate-stack.js')).validateStack(definition, options)
}

/** See `stack/open-component.ts`. */
export async function loadComponentClass(
  flavor: Flavor,
  handle: FlavorHandle,
): Promise<ComponentClass<ComponentType, never, never>> {
  return (await import('../stack/open-component.js')).loadComponentClass(flavor, handle)
}

/** See `generate/generate-flavor-package.ts`. */
export async function generateFlavorPackage(
  directory: string,
  options: GenerateOptions = {},
): Promise<GeneratedFlavorPackage> {
  return (await import('./generate/generate-flavor-package.js')).generateFlavorPackage(directory, options)
}

/** See `generate/flavor-schemas.ts`. */
export async function flavorSchemas(flavor: Flavor): Promise<FlavorSchemaPair> {
  return (await import('./generate/flavor-schemas.js')).flavorSchemas(flavor)
}
