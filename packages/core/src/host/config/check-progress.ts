/** How far a check has come, and how far it may go. */

/** The steps of one check: each schema asked about a place is one. They take about a second. */
const stepLimit = 1_000_000

/** Names that are compared for the suggestions of one check; beyond that its messages are without. */
const comparisonLimit = 200_000

/** Thrown where a check takes more steps than it may. */
export class TooManySteps extends Error {}

/** Counts the work of a check and knows where it is: what a check does depends on no clock. */
export class CheckProgress {
  /** The path of what is being checked. */
  path: readonly (string | number)[] = []
  #steps = 0
  #comparisons = 0

  get steps(): number {
    return this.#steps
  }

  /** @throws TooManySteps */
  spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > stepLimit) throw new TooManySteps()
  }

  /** Whether a name may still be compared with so many others. */
  mayCompare(names: number): boolean {
    this.#comparisons += names
    return this.#comparisons <= comparisonLimit
  }
}
