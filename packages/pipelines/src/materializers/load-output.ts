/** Loads an output that a commit lists, its content verified by its hash. */
import { type CommittedOutput, isStackError, StackError } from '@stack/core'
import { damaged } from '../artifacts/stored-json.js'
import type { StepDefinition } from '../definition/step-definition.js'
import { materializerNamed } from './choose-materializer.js'
import type { StoredContent } from './materializer.js'
import { type ReadOutputOptions, VerifiedContent } from './stored-content.js'

/** What an output is loaded with. */
export interface LoadOutputOptions extends ReadOutputOptions {
  /** The step that made it, which carries its own materializers. */
  readonly step?: StepDefinition
}

/**
 * Loads a value, decoded anew at each call.
 * @throws StackError `checksum-mismatch` where the content is not what was committed, or not what its materializer writes;
 * `invalid-name` and `invalid-path` where it names what is elsewhere; whatever the store throws.
 */
export async function loadOutput(output: CommittedOutput, options: LoadOutputOptions): Promise<unknown> {
  const materializer = materializerNamed(output.materializer, options.step)
  try {
    return await materializer.load(openOutput(output, options))
  } catch (error) {
    throw isStackError(error) ? withArtifact(error, output) : error
  }
}

/** Says of content that a materializer refuses which artifact it is of. */
function withArtifact(error: StackError, { uri }: CommittedOutput): StackError {
  const { code, hint, problems } = error
  const reason = error.message.replace(/\.$/, '')
  if (code === 'invalid-input') return damaged('artifact', uri, reason, problems)
  if (code !== 'invalid-name' && code !== 'invalid-path') return error
  return new StackError(code, `The artifact at ${uri} cannot be loaded: ${reason}.`, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...error.details, uri },
    cause: error,
  })
}

/** The exact bytes of an output, as its hash is over them (for an inlined value its JSON text), and its further objects. */
export function openOutput(output: CommittedOutput, options: ReadOutputOptions): StoredContent {
  return new VerifiedContent(output, options)
}

/**
 * The exact bytes of an output at once.
 * @throws StackError `checksum-mismatch`.
 */
export function readOutput(output: CommittedOutput, options: ReadOutputOptions): Promise<Uint8Array> {
  return openOutput(output, options).bytes()
}
