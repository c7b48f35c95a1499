/** A driver whose calls are seen before and after they are made, as a case needs it to interrupt them. */
import type { ArtifactStoreDriver } from '@stack/core'

/** Called around each call; what it throws is what the call throws. */
export interface Watcher {
  readonly before?: (verb: string, key: unknown) => void
  readonly after?: (verb: string) => void
}

/** The verbs that answer with a promise. */
const verbs = [
  'head',
  'get',
  'put',
  'delete',
  'copy',
  'names',
  'multipart',
  'rename',
  'makeDirectory',
  'removeTree',
] as const

/** Watches a driver while something runs. */
export async function watching<T>(driver: ArtifactStoreDriver, watcher: Watcher, run: () => Promise<T>): Promise<T> {
  const watched = driver as unknown as Record<string, unknown>
  for (const verb of verbs) {
    const original = watched[verb] as ((...given: unknown[]) => Promise<unknown>) | undefined
    if (original === undefined) continue
    watched[verb] = async (...given: unknown[]) => {
      watcher.before?.(verb, given[0])
      const answer = await original.apply(driver, given)
      watcher.after?.(verb)
      return answer
    }
  }
  const list = driver.list
  watched.list = async function* (...given: Parameters<ArtifactStoreDriver['list']>) {
    watcher.before?.('list', given[0])
    yield* list.apply(driver, given)
    watcher.after?.('list')
  }
  try {
    return await run()
  } finally {
    // What stands on the object itself hides the methods of its class.
    for (const verb of [...verbs, 'list']) delete watched[verb]
  }
}
