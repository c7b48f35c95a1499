/** What a kit's user declares not to hold: the exact id of a case, and a reason. */

/** Cases by id, and the reason why each is skipped. */
export type Skips = Readonly<Record<string, string>>

/**
 * Checks skips against the cases there are.
 * @throws TypeError where one names no case, or gives no reason.
 */
export function checkSkips(kit: string, cases: readonly { readonly id: string }[], skips: Skips): void {
  const ids = new Set(cases.map(({ id }) => id))
  for (const [id, reason] of Object.entries(skips)) {
    if (!ids.has(id)) throw new TypeError(`"${id}" is no case of the ${kit} kit: ${[...ids].join(', ')}.`)
    if (reason.trim() === '') throw new TypeError(`The case "${id}" is skipped without a reason.`)
  }
}
