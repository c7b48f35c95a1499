/** Loads an output that a commit lists, its content verified by its hash. */
import type { CommittedOutput } from '@stack/core'
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
 * @throws StackError `checksum-mismatch` where the content is not what was committed; whatever the store throws.
 */
export async function loadOutput(output: CommittedOutput, options: LoadOutputOptions): Promise<unknown> {
  return materializerNamed(output.materializer, options.step).load(openOutput(output, options))
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
