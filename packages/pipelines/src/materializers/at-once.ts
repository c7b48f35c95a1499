/** Work on many items, several at once. */

/** Runs for each item; the first that fails rejects, and no further one is begun. */
export async function atOnce<T>(
  items: Iterable<T>,
  concurrency: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !failed && next.done !== true; next = queue.next()) {
      try {
        await run(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: concurrency }, work)
  try {
    await Promise.all(workers)
  } catch (error) {
    // What is under way ends before the failure is told: nothing goes on behind the caller's back.
    await Promise.allSettled(workers)
    throw error
  }
}
