/** Loads an output that a commit lists, its content verified by its hash. */
import { type ArtifactStore, type CommittedOutput, StackError } from '@stack/core'
import type { StepDefinition } from '../definition/step.js'
import { materializerNamed } from './choose-materializer.js'
import { type HashedContent, HashingStream, hashContent } from './content-hash.js'
import type { StoredContent } from './materializer.js'
import { writeTemporaryFile } from './temporary-file.js'

/** Where an output comes from. */
export interface ReadOutputOptions {
  readonly store: ArtifactStore
  readonly signal?: AbortSignal
}

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
  return materializerNamed(output.materializer, options.step).load(new CommittedContent(output, options))
}

/**
 * The exact bytes of an output, as its hash is over them: for an inlined value its JSON text.
 * @throws StackError `checksum-mismatch`.
 */
export function readOutput(output: CommittedOutput, options: ReadOutputOptions): Promise<Uint8Array> {
  return new CommittedContent(output, options).bytes()
}

/** The content of one output, inline or in the store. */
class CommittedContent implements StoredContent {
  readonly mediaType: string
  readonly metadata: StoredContent['metadata']
  readonly #output: CommittedOutput
  readonly #store: ArtifactStore
  readonly #read: { readonly signal?: AbortSignal }

  constructor(output: CommittedOutput, { store, signal }: ReadOutputOptions) {
    this.mediaType = output.mediaType
    this.metadata = output.metadata ?? {}
    this.#output = output
    this.#store = store
    this.#read = signal === undefined ? {} : { signal }
  }

  // Bound, so that a materializer may take them out of their object.
  bytes = async (): Promise<Uint8Array> => {
    const { value, uri, contentHash } = this.#output
    if (value !== undefined) return new TextEncoder().encode(this.#inlineText())
    return this.#store.read(uri, { ...this.#read, checksum: contentHash })
  }

  text = async (): Promise<string> => {
    if (this.#output.value !== undefined) return this.#inlineText()
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await this.bytes())
  }

  file = async (name = 'content'): Promise<string> => {
    if (this.#output.value !== undefined) return writeTemporaryFile(name, [await this.bytes()])
    const hashing = new HashingStream(await this.#store.stream(this.#output.uri, this.#read))
    const path = await writeTemporaryFile(name, hashing)
    this.#verify(hashing.result())
    return path
  }

  #inlineText(): string {
    const text = JSON.stringify(this.#output.value)
    this.#verify(hashContent(text))
    return text
  }

  #verify(found: HashedContent): void {
    const { contentHash, uri } = this.#output
    if (found.contentHash === contentHash) return
    throw new StackError(
      'checksum-mismatch',
      `The artifact at ${uri} is not what its step committed: its bytes changed.`,
      {
        hint: 'The store was changed by something else, or its disk is failing: run the pipeline again.',
        details: { uri, expected: contentHash, found: found.contentHash },
      },
    )
  }
}
