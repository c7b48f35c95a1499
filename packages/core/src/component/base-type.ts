/** The mark by which a host tells which component type a class implements, whatever copy of core its base comes from. */
import type { ComponentByType } from './component-class.js'
import type { ComponentType } from './component-type.js'

const mark = Symbol.for('@stack/core/base-type')

/** The types that have a base class of their own; the others extend StackComponent. */
const typesWithBase: readonly ComponentType[] = ['artifact-store', 'orchestrator'] satisfies (keyof ComponentByType)[]

/** Marks a base class: of one component type, or of those that have none of their own. */
export function markBaseType(base: object, type: ComponentType | 'any'): void {
  Object.defineProperty(base, mark, { value: type })
}

/** Why a class cannot implement a component type, or undefined. */
export function classFault(candidate: unknown, type: ComponentType): string | undefined {
  if (typeof candidate !== 'function') return 'it is no class'
  const base = (candidate as unknown as Record<symbol, ComponentType | 'any' | undefined>)[mark]
  if (base === undefined) return 'it does not extend StackComponent'
  const wanted = typesWithBase.includes(type) ? type : 'any'
  return base === wanted ? undefined : `it extends the base class of ${base === 'any' ? 'no type of its own' : base}`
}
