/** Tries a request again where its failure may pass, with growing pauses and within a budget. */
import pRetry from 'p-retry'
import { isUnreachable } from './connection-failure.js'

/** Attempts of one request: with a failure in each fourth, one in four million requests fails. */
const maximumAttempts = 11
/** Attempts where nothing listens at all: a server that starts again is waited for, a wrong endpoint told soon. */
const unreachableAttempts = 4
const firstPauseMs = 40
const longestPauseMs = 4000
const longestPauseAskedSeconds = 10

const failedAttempts = new WeakMap<object, number>()

/** How many attempts a failure was the last of. */
export function attemptsOf(error: unknown): number {
  return (typeof error === 'object' && error !== null ? failedAttempts.get(error) : undefined) ?? 1
}

/** What a store's failures mean. */
export interface RetryPolicy {
  /** Says whether the same request may succeed a moment later. */
  isTransient(error: unknown): boolean
  /** The seconds that a server asks to wait for (`Retry-After`), where it does. */
  pauseAsked(error: unknown): number | undefined
}

/**
 * The attempts of one store. Each beyond the first takes from a budget that successes fill again, so that a server in
 * distress is not given many times its load.
 */
export class Retries {
  static readonly capacity = 2000
  static readonly perSuccess = 0.5
  readonly #policy: RetryPolicy
  #left = Retries.capacity

  constructor(policy: RetryPolicy) {
    this.#policy = policy
  }

  /** Says whether the same request may succeed a moment later; what has been tried enough may not. */
  isTransient(error: unknown): boolean {
    return attemptsOf(error) === 1 && this.#policy.isTransient(error)
  }

  /** Runs an attempt, and others after a failure that may pass; rejects with the last failure. */
  async run<Result>(signal: AbortSignal | undefined, attempt: (number: number) => Promise<Result>): Promise<Result> {
    let result: Result
    try {
      // By itself, since most need no more.
      result = await attempt(1)
    } catch (error) {
      if (signal?.aborted || !this.isTransient(error) || !this.#take()) throw error
      result = await this.#again(error, signal, attempt)
    }
    if (this.#left < Retries.capacity) this.#left += Retries.perSuccess
    return result
  }

  #again<Result>(
    first: unknown,
    signal: AbortSignal | undefined,
    attempt: (number: number) => Promise<Result>,
  ): Promise<Result> {
    let attempts = 1
    return pRetry(
      // The attempt already made counts as its first.
      (number) => (number === 1 ? Promise.reject(first) : attempt(number)),
      {
        retries: maximumAttempts - 1,
        minTimeout: firstPauseMs,
        maxTimeout: longestPauseMs,
        randomize: true,
        ...(signal === undefined ? {} : { signal }),
        shouldRetry: ({ error, attemptNumber }) =>
          this.isTransient(error) &&
          (attemptNumber < unreachableAttempts || !isUnreachable(error)) &&
          (attemptNumber === 1 || this.#take()),
        onFailedAttempt: ({ error, attemptNumber }) => {
          attempts = attemptNumber
          return this.#pause(error, signal)
        },
      },
    ).catch((last: unknown) => {
      if (typeof last === 'object' && last !== null) failedAttempts.set(last, attempts)
      throw last
    })
  }

  async #pause(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const seconds = this.#policy.pauseAsked(error) ?? 0
    if (!(seconds > 0)) return
    const { setTimeout } = await import('node:timers/promises')
    const pauseMs = Math.min(seconds, longestPauseAskedSeconds) * 1000
    await setTimeout(pauseMs, undefined, signal === undefined ? {} : { signal })
  }

  #take(): boolean {
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
