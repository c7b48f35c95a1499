/** Leaves the event loop its turns: calls that take microseconds are made at once, but not for long without a pause. */

/** Milliseconds of synchronous calls after which timers, signals and sockets get their turn. */
const turnMs = 5

let turnStarted = performance.now()

/** Resolves at once while this turn is young, else after the event loop went round. */
export function takeTurn(): Promise<void> | undefined {
  if (performance.now() - turnStarted < turnMs) return undefined
  return new Promise((resolve) => {
    setImmediate(() => {
      turnStarted = performance.now()
      resolve()
    })
  })
}
