/** Removing what writers that were killed have left. */
import type { ArtifactStoreDriver } from './driver.js'
import { type Finding, ok } from './verify-finding.js'

/** Removes the unfinished uploads that began before a time, and adds their keys to those removed. */
export async function removeUnfinished(
  driver: ArtifactStoreDriver,
  before: number,
  removed: string[],
  signal: AbortSignal | undefined,
): Promise<Finding> {
  let younger = 0
  for await (const upload of driver.unfinishedUploads?.({ signal }) ?? []) {
    if (upload.startedAt.getTime() > before) {
      younger += 1
      continue
    }
    await upload.abort({ signal })
    removed.push(upload.key)
  }
  const kept = younger === 0 ? '' : `; ${younger} too young to be removed`
  return ok(`${removed.length} unfinished uploads were removed${kept}`)
}
