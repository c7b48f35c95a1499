/** Why an attempt failed, as its `error.json` says. */
import { type ArtifactStore, isStackError, type StackErrorJson, type StepRef, z } from '@stack/core'
import { checkShape, parseJson, parseStored, readStored, type StoredForm } from '../artifacts/stored-json.js'
import { errorUri } from './run-layout.js'

const schema = z.object({
  // A code that this version does not know is kept: it displays as `unexpected`.
  code: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  message: z.string(),
  // What is said beside these two is left out where it has another shape.
  hint: z.string().optional().catch(undefined),
  problems: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .catch(undefined),
  details: z.record(z.string(), z.unknown()).optional().catch(undefined),
  stack: z.string().optional().catch(undefined),
})

const form: StoredForm<StackErrorJson> = {
  name: 'error',
  maximumBytes: 1024 * 1024,
  parse: (text) => checkShape(parseJson(text), schema),
}

/**
 * Parses the text of an `error.json`.
 * @throws StackError `checksum-mismatch` where it is none.
 */
export function parseStoredError(text: string, uri: string): StackErrorJson {
  return parseStored(form.name, uri, () => form.parse(text))
}

/**
 * Reads an attempt's error, or null where it has none.
 * @throws StackError `checksum-mismatch` for one that is damaged or larger than 1 MiB; whatever the store throws.
 */
export async function readStoredError(
  store: ArtifactStore,
  ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>,
): Promise<StackErrorJson | null> {
  try {
    return await readStored(store, errorUri(ref), form)
  } catch (error) {
    if (isStackError(error, 'not-found')) return null
    throw error
  }
}
