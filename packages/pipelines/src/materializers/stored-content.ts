/** Content in the artifact store, or inline in a commit: what is read of it is verified by its hash. */
import { type ArtifactStore, type CommittedOutput, StackError } from '@stack/core'
import { type HashedContent, hashContent, RunningHash } from './content-hash.js'
import type { FileTransfer, StoredContent, StoredFile } from './materializer.js'
import { temporaryPath, writeNewFile } from './temporary-file.js'

/** Where content comes from. */
export interface ReadOutputOptions {
  readonly store: ArtifactStore
  readonly signal?: AbortSignal
}

type DescribedOutput = Pick<CommittedOutput, 'uri' | 'mediaType' | 'size' | 'contentHash' | 'value' | 'metadata'>

/** The content of one output, or of one of its files. */
export class VerifiedContent implements StoredContent {
  readonly mediaType: string
  readonly metadata: StoredContent['metadata']
  readonly #output: DescribedOutput
  readonly #options: ReadOutputOptions
  readonly #read: { readonly signal?: AbortSignal }

  constructor(output: DescribedOutput, options: ReadOutputOptions) {
    this.mediaType = output.mediaType
    this.metadata = output.metadata ?? {}
    this.#output = output
    this.#options = options
    this.#read = options.signal === undefined ? {} : { signal: options.signal }
  }

  // Bound, so that a materializer may take them out of their object.
  bytes = async (): Promise<Uint8Array> => {
    const { value, uri, contentHash } = this.#output
    if (value !== undefined) return new TextEncoder().encode(this.#inlineText())
    return this.#options.store.read(uri, { ...this.#read, checksum: contentHash })
  }

  text = async (): Promise<string> => {
    if (this.#output.value !== undefined) return this.#inlineText()
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await this.bytes())
  }

  stream = (): ReadableStream<Uint8Array> => {
    const hash = new RunningHash()
    let opening: Promise<ReadableStreamDefaultReader<Uint8Array>> | undefined
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          opening ??= this.#open().then((stream) => stream.getReader())
          const step = await (await opening).read()
          if (step.done) {
            this.#verify(hash.result())
            controller.close()
          } else {
            hash.add(step.value)
            controller.enqueue(step.value)
          }
        },
        cancel: async (reason) => (await opening)?.cancel(reason),
      },
      { highWaterMark: 0 },
    )
  }

  file = async (name = 'content'): Promise<string> => {
    const path = await temporaryPath(name)
    await this.download(path)
    return path
  }

  download = async (path: string, options: FileTransfer = {}): Promise<void> => {
    const { value, uri, contentHash } = this.#output
    if (value === undefined)
      await this.#options.store.download(uri, path, { ...options, ...this.#read, checksum: contentHash })
    else await writeNewFile(path, this.stream())
  }

  openFile = ({ path, size, contentHash }: StoredFile): StoredContent =>
    new VerifiedContent(
      { uri: fileUri(this.#output.uri, path), mediaType: 'application/octet-stream', size, contentHash },
      this.#options,
    )

  async #open(): Promise<ReadableStream<Uint8Array>> {
    if (this.#output.value === undefined) return this.#options.store.stream(this.#output.uri, this.#read)
    return new Blob([this.#inlineText()]).stream() as ReadableStream<Uint8Array>
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

/** Where the further objects of an output are; no output has a dot in its name. */
export function fileUri(outputUri: string, path: string): string {
  return `${outputUri}.files/${path}`
}
