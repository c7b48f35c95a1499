/** The cancel mark of a run: an object in the store by which anybody ends the run, without the client that submitted it. */
import { type ArtifactStore, StackError } from '@stack/core'
import { cancelUri } from './run-layout.js'

/** Milliseconds between two looks for the mark. */
export const cancelLookMs = 5000

/** Marks a run as cancelled; steps and the process that drives the run see it within {@link cancelLookMs}. */
export async function markCancelled(
  store: ArtifactStore,
  run: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  await store.write(cancelUri(run), '', { timeoutMs: cancelLookMs, ...options })
}

/** Looks for the mark until it is found or the watch is stopped. A look that fails is left out: the next one follows. */
export function watchCancelMark(store: ArtifactStore, run: string, onFound: (reason: StackError) => void): () => void {
  const look = () =>
    store.exists(cancelUri(run), { timeoutMs: cancelLookMs }).then(
      (found) => {
        if (!found) return
        clearInterval(timer)
        onFound(new StackError('interrupted', `The run ${run} was cancelled.`))
      },
      () => {},
    )
  const timer = setInterval(look, cancelLookMs).unref()
  return () => clearInterval(timer)
}
