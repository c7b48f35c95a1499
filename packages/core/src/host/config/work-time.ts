/** The time that may be spent on the schemas of strangers. */
import { Script } from 'node:vm'

/** Two seconds for all that one act describes and checks. */
const limit = 2000
/** What a check gets where others before it have used up the time, so that they do not spoil it: ordinary ones take a hundredth. */
const least = 100

/** What an act that counts its steps may take at most, in milliseconds; while so much is left it needs no watching. */
const mostOfCounted = 1000

/** Thrown where the time is over. */
export class TimeOver extends Error {}

/**
 * The time that describing and checking may take together, in milliseconds of the processor: a machine that is busy with
 * others changes nothing. Time in which nothing of it was used comes back, so that a program that runs for days can go on.
 */
export class WorkTime {
  #left = limit
  #endedAt = now()

  /**
   * Calls a function, and ends it when the time is over, whatever it does: a pattern that backtracks, a loop. It may be called
   * again where the machine was busy, so it must begin anew each time. An act that is counted ends by itself after
   * {@link mostOfCounted}: to watch it costs a thread.
   * @throws TimeOver
   */
  run<T>(act: () => T, { counted = false }: { readonly counted?: boolean } = {}): T {
    this.#left = Math.min(limit, this.#left + now() - this.#endedAt)
    const start = process.cpuUsage()
    try {
      if (counted && this.#left > mostOfCounted) return act()
      return withinTime(act, start, Math.ceil(Math.max(least, this.#left)))
    } finally {
      this.#left = Math.max(0, this.#left - usedSince(start))
      this.#endedAt = now()
    }
  }
}

const callKey = Symbol.for('@stack/core/bounded-call')
const holder = globalThis as { [callKey]?: (() => unknown) | undefined }
let script: Script | undefined

function withinTime<T>(act: () => T, start: NodeJS.CpuUsage, milliseconds: number): T {
  script ??= new Script(`globalThis[Symbol.for('@stack/core/bounded-call')]()`)
  for (;;) {
    holder[callKey] = act
    try {
      return script.runInThisContext({ timeout: milliseconds, displayErrors: false }) as T
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      // V8 looks at the clock. Where the machine was busy with others, the call had no time of its own: it is made again.
      if (usedSince(start) >= milliseconds) throw new TimeOver()
    } finally {
      delete holder[callKey]
    }
  }
}

/** Milliseconds on a steady clock. To ask `performance` for the first time costs a start of the program several of them. */
function now(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

function usedSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
