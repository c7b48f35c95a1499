/** Work that is done side by side, and ends together. */
import { setMaxListeners } from 'node:events'

/** Milliseconds that the others have to end in after one failed; who ignores an abort is not waited for longer. */
const endingMs = 10_000

/** Does something under a controller of its own, which is aborted with the signal, and at the end in any case. */
export async function withController<T>(
  signal: AbortSignal | undefined,
  run: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  // As many as there are workers listen, which Node takes for a leak.
  setMaxListeners(0, controller.signal)
  const onAbort = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await run(controller)
  } finally {
    signal?.removeEventListener('abort', onAbort)
    controller.abort()
  }
}

/** Runs workers side by side; the first failure aborts the others, and is thrown when they have ended. */
export async function runWorkers(
  controller: AbortController,
  count: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  let timer: NodeJS.Timeout | undefined
  let giveUp: () => void = () => {}
  const late = new Promise<void>((resolve) => {
    giveUp = resolve
  })
  const run = async (index: number): Promise<void> => {
    try {
      await work(index)
    } catch (error) {
      failure ??= { error }
      timer ??= setTimeout(giveUp, endingMs)
      controller.abort(error)
    }
  }
  await Promise.race([Promise.all(Array.from({ length: count }, (_, index) => run(index))), late])
  clearTimeout(timer)
  if (failure !== undefined) throw failure.error
}
