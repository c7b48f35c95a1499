/** The number of the contract between core and flavors, and the range a host accepts. */

/** The contract this core builds flavors for. */
export const contract = 1

/** The contracts a host built with this core can use, both ends included. */
export const acceptedContracts = { oldest: 1, newest: 1 } as const

/** Says whether a flavor built for a contract can be used here. */
export function acceptsContract(number: number): boolean {
  return number >= acceptedContracts.oldest && number <= acceptedContracts.newest
}
