/** Saves all outputs of a step at once: streams that come from one source have to be read side by side. */
import type { CommittedOutput } from '@stack/core'
import { type SaveOutputOptions, saveOutput } from './save-output.js'

/**
 * Saves values by output name; the first that fails ends the others.
 * @throws what `saveOutput` throws.
 */
export async function saveOutputs(
  values: Readonly<Record<string, unknown>>,
  options: Omit<SaveOutputOptions, 'name'>,
): Promise<Record<string, CommittedOutput>> {
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])])
  let failure: { readonly error: unknown } | undefined
  const saves = Object.entries(values).map(async ([name, value]) => {
    try {
      return [name, await saveOutput(value, { ...options, name, signal })] as const
    } catch (error) {
      failure ??= { error }
      failed.abort(error)
      throw error
    }
  })
  const saved = await Promise.allSettled(saves)
  if (failure !== undefined) throw failure.error
  return Object.fromEntries(saved.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
}
