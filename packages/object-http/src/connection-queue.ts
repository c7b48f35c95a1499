/** Who may send next: as many requests at a time as there are connections, the others in order of their arrival. */
import { StackError } from '@stack/core'

/** Milliseconds in which some connection has to come back while others wait for one. */
const usualPatienceMs = 60_000

interface Waiting {
  readonly since: number
  readonly begin: () => void
  readonly refuse: (error: StackError) => void
}

/** Connections that are taken and given back; who waits is refused when for a minute none came back. */
export class ConnectionQueue {
  readonly #most: number
  readonly #patienceMs: number
  readonly #waiting = new Set<Waiting>()
  #taken = 0
  #cameBack = 0
  /** Runs while somebody waits, and so keeps the process alive: a connection that nobody reads from does not. */
  #timer: NodeJS.Timeout | undefined

  constructor(most: number, patienceMs = usualPatienceMs) {
    this.#most = most
    this.#patienceMs = patienceMs
  }

  /** Takes a connection that is free now; `giveBack` has to be called for it. */
  takeNow(): boolean {
    if (this.#taken >= this.#most) return false
    this.#taken += 1
    return true
  }

  /**
   * Resolves when there is a connection for the caller, which `giveBack` has to be called for; rejects with the signal's reason.
   * @throws StackError `unavailable` when for a minute none came back
   */
  take(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (this.takeNow()) return resolve()
      const leave = (): void => {
        this.#waiting.delete(waiting)
        signal?.removeEventListener('abort', onAbort)
        if (this.#waiting.size === 0) this.#stopTimer()
      }
      const waiting: Waiting = {
        since: performance.now(),
        begin: () => {
          leave()
          resolve()
        },
        refuse: (error) => {
          leave()
          reject(error)
        },
      }
      const onAbort = (): void => {
        leave()
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.add(waiting)
      this.#timer ??= setTimeout(() => this.#refuseOverdue(), this.#patienceMs)
    })
  }

  giveBack(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#taken -= 1
      return
    }
    this.#cameBack = performance.now()
    next.begin()
  }

  /** Refuses those who have waited for so long that one should have come back; looks again when the next may have. */
  #refuseOverdue(): void {
    this.#timer = undefined
    const now = performance.now()
    for (const waiting of [...this.#waiting]) {
      // A timer may run a little early.
      if (this.#waitedMs(waiting, now) >= this.#patienceMs - 1)
        waiting.refuse(noConnection(this.#most, this.#patienceMs))
    }
    const [first] = this.#waiting
    if (first === undefined) return
    this.#timer ??= setTimeout(() => this.#refuseOverdue(), this.#patienceMs - this.#waitedMs(first, now))
  }

  #waitedMs({ since }: Waiting, now: number): number {
    return now - Math.max(since, this.#cameBack)
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function noConnection(most: number, patienceMs: number): StackError {
  const message = `all ${most} connections were in use, and none came back in ${patienceMs / 1000} seconds`
  return new StackError('unavailable', message, {
    hint: 'Read each stream to its end, or cancel it.',
  })
}
