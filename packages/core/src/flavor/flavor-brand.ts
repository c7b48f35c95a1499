/** The brand by which flavors of any copy of core are recognised; apart from their definition, which needs zod. */
import type { Flavor } from './flavor-types.js'

/** Its value carries `{ contract }`. */
export const flavorBrand = Symbol.for('@stack/core/flavor')

/** The contract number of a flavor made by any copy of core, or undefined for what is no flavor. */
export function flavorContract(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const mark = (value as Record<symbol, unknown>)[flavorBrand]
  const number = (mark as { contract?: unknown } | undefined)?.contract
  return typeof number === 'number' ? number : undefined
}

/** Recognises a flavor of any copy of core, whatever its contract. */
export function isFlavor(value: unknown): value is Flavor {
  return flavorContract(value) !== undefined
}
