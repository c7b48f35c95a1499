/** Describes what a flavor takes, for help and descriptions. */
import { describeFields, type FieldDescription } from '../config/describe-fields.js'
import { type FlavorHandle, ownerOfHandle } from './flavor-handle.js'
import type { FlavorRegistry } from './flavor-registry.js'

/**
 * The fields of a flavor's config or settings.
 * @throws StackError `invalid-manifest`, also where describing them takes too long or they are more than can be shown.
 */
export function describeFlavorFields(
  registry: FlavorRegistry,
  handle: FlavorHandle,
  kind: 'config' | 'settings',
): readonly FieldDescription[] {
  const label = `The ${kind} of the flavor ${handle.type}/${handle.name} of ${ownerOfHandle(handle)}`
  return describeFields(registry.schemas(handle)[kind], { label, time: registry.time })
}
