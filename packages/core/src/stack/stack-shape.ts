/** What every stack must be made of. */
import { type ComponentType, requiredComponentTypes } from '../component/component-type.js'
import type { Problem } from '../errors/problem.js'

/** Every way in which a set of components is no stack: a type that is missing, or of which there may be only one. */
export function stackShapeProblems(
  components: readonly { readonly type: ComponentType; readonly name: string }[],
): readonly Problem[] {
  return requiredComponentTypes.flatMap((type) => {
    const names = components.filter((component) => component.type === type).map(({ name }) => `"${name}"`)
    if (names.length === 1) return []
    const message =
      names.length === 0
        ? 'is missing: every stack needs one'
        : `may be only one, not ${names.length}: ${names.join(', ')}`
    return [{ path: type, message }]
  })
}
