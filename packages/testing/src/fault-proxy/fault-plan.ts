/** Which request gets which fault: drawn from a seed. */
import { seededRandom } from '../seeded-random.js'

/**
 * What a fault proxy does to a request:
 * - `503`, `429`, `500`: answers so itself; a 429 with `Retry-After` 0 or 1 now and then;
 * - `reset`: breaks the connection before the request reaches the server;
 * - `lost`: breaks it after the server has answered: done, and never told;
 * - `cut`: breaks it half-way through the body: the answer's of a GET, else the request's;
 * - `corrupt`: flips a byte in the body of an object (a 2xx answer to a GET that carries an `ETag`), its length and headers kept; below
 *   a rate of 1 the same path is spared afterwards, as a fault of the wire would;
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

/** For how many requests a path is spared after a corruption: enough to read a large object again in parts. */
const sparedRequests = 32

/** Draws faults; the nth request gets the same with the same seed. */
export class FaultPlan {
  rate: number
  faults: readonly FaultName[]
  readonly #random: () => number
  /** How many requests of a path are still spared. */
  readonly #spared = new Map<string, number>()

  constructor(options: { readonly rate: number; readonly faults: readonly FaultName[]; readonly seed: number }) {
    this.rate = options.rate
    this.faults = options.faults
    this.#random = seededRandom(options.seed)
  }

  /** The fault of the next request, whose method decides what it can be. */
  draw(method: string, url: string): DrawnFault | undefined {
    // The query may tell a range or a version of the same object.
    const [path = url] = url.split('?')
    const [hit, which, detail] = [this.#random(), this.#random(), this.#random()]
    const spared = this.#isSpared(path) && this.rate < 1
    if (hit >= this.rate) return undefined
    const possible = this.faults.filter((name) => fits(name, method) && !(spared && name === 'corrupt'))
    const name = possible[Math.floor(which * possible.length)]
    if (name === 'corrupt' && this.rate < 1) this.#spared.set(path, sparedRequests)
    return name === undefined ? undefined : { name, detail }
  }

  #isSpared(path: string): boolean {
    const left = this.#spared.get(path)
    if (left === undefined) return false
    if (left > 1) this.#spared.set(path, left - 1)
    else this.#spared.delete(path)
    return true
  }
}

function fits(name: FaultName, method: string): boolean {
  if (name === 'corrupt') return method === 'GET'
  if (name === 'cut') return method === 'GET' || method === 'PUT' || method === 'POST'
  return true
}
