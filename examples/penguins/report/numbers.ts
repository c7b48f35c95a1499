/** How the report writes numbers: the same on every machine, whatever its language. */

/** A share as per cent with one digit: 0.9806 is `98.1 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}\u202f%`
}

/** A score between 0 and 1 with three digits. */
export function score(value: number): string {
  return value.toFixed(3)
}
