/** Which request gets which fault: drawn from a seed. */
import { seededRandom } from './seeded-random.js'

/**
 * What a fault proxy does to a request:
 * - `503`, `429`, `500`: answers so itself; a 429 with `Retry-After` 0 or 1 now and then;
 * - `reset`: breaks the connection before the request reaches the server;
 * - `lost`: breaks it after the server has answered: done, and never told;
 * - `cut`: breaks it half-way through the body: the answer's of a GET, else the request's;
 * - `corrupt`: flips a byte in the body of an object (a 2xx answer to a GET that carries an `ETag`), its length and headers kept;
 * - `slow`: holds the answer back, or trickles its beginning;
 * - `skew`: answers 403 with a `Date` that is 20 minutes ahead.
 */
export type FaultName = '503' | '429' | '500' | 'reset' | 'lost' | 'cut' | 'corrupt' | 'slow' | 'skew'

/** Every fault, but for `skew`, which only protocols that sign the time know. */
export const commonFaults: readonly FaultName[] = ['503', '429', '500', 'reset', 'lost', 'cut', 'corrupt', 'slow']

/** One fault, and a number from 0 to 1 that decides its details. */
export interface DrawnFault {
  readonly name: FaultName
  readonly detail: number
}

/** Draws faults; the nth request gets the same with the same seed. */
export class FaultPlan {
  rate: number
  faults: readonly FaultName[]
  readonly #random: () => number

  constructor(options: { readonly rate: number; readonly faults: readonly FaultName[]; readonly seed: number }) {
    this.rate = options.rate
    this.faults = options.faults
    this.#random = seededRandom(options.seed)
  }

  /** The fault of the next request, whose method decides what it can be. */
  draw(method: string): DrawnFault | undefined {
    const [hit, which, detail] = [this.#random(), this.#random(), this.#random()]
    if (hit >= this.rate) return undefined
    const possible = this.faults.filter((name) => fits(name, method))
    const name = possible[Math.floor(which * possible.length)]
    return name === undefined ? undefined : { name, detail }
  }
}

function fits(name: FaultName, method: string): boolean {
  if (name === 'corrupt') return method === 'GET'
  if (name === 'cut') return method === 'GET' || method === 'PUT' || method === 'POST'
  return true
}
