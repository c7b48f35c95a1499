/** Work on many items, several at once. */

/** Connections that fill a usual wire, shared by the files of a directory and the parts of each. */
const connections = 8

/** How many of so many files travel at once, and in how many parts each. */
export function shareConnections(files: number): { readonly filesAtOnce: number; readonly concurrency: number } {
  const filesAtOnce = Math.max(1, Math.min(connections, files))
  return { filesAtOnce, concurrency: Math.floor(connections / filesAtOnce) }
}

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
