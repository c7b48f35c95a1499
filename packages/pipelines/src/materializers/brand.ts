/** Recognises values by a brand: a process may hold two copies of this package, whose classes are different objects. */

/** Whether a value has a brand. */
export function isBranded(value: unknown, brand: symbol): boolean {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * Makes `instanceof` answer by the brand, so that `z.instanceof(…)` takes what another copy made; for a class derived from
 * this one it answers by prototypes, as ever.
 */
export function recogniseByBrand(own: object, brand: symbol): void {
  Object.defineProperty(own, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === own ? isBranded(value, brand) : Function.prototype[Symbol.hasInstance].call(this, value)
    },
  })
}
