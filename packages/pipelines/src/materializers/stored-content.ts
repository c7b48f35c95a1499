/** Content in the artifact store, or inline in a commit: what is read of it is verified by its hash. */
import { rm } from 'node:fs/promises'
import { type ArtifactStore, type CommittedOutput, StackError, z } from '@stack/core'
import { checkShape, damaged, parseStored } from '../artifacts/stored-json.js'
import { type HashedContent, hashContent, RunningHash, storedHash, storedSize } from './content-hash.js'
import { checkPathBelow } from './file-name.js'
import type { FileTransfer, StoredContent, StoredFile } from './materializer.js'
import { temporaryPath, writeNewFile } from './temporary-file.js'

/** Where content comes from. */
export interface ReadOutputOptions {
  readonly store: ArtifactStore
  readonly signal?: AbortSignal
}

type DescribedOutput = Pick<CommittedOutput, 'uri' | 'mediaType' | 'size' | 'contentHash' | 'value' | 'metadata'>

const storedFile = z.object({ path: z.string(), size: storedSize, contentHash: storedHash })

/** The content of one output, or of one of its files: no more of it is read than was committed. */
export class VerifiedContent implements StoredContent {
  readonly mediaType: string
  readonly metadata: StoredContent['metadata']
  readonly size: number
  readonly #output: DescribedOutput
  readonly #options: ReadOutputOptions
  readonly #read: { readonly signal?: AbortSignal }

  constructor(output: DescribedOutput, options: ReadOutputOptions) {
    this.mediaType = output.mediaType
    this.metadata = output.metadata ?? {}
    this.size = output.size
    this.#output = output
    this.#options = options
    this.#read = options.signal === undefined ? {} : { signal: options.signal }
  }

  // Bound, so that a materializer may take them out of their object.
  bytes = async (): Promise<Uint8Array> => {
    const { value, uri, size, contentHash } = this.#output
    if (value !== undefined) return new TextEncoder().encode(this.#inlineText())
    const range = { start: 0, end: size + 1 }
    const bytes = await this.#options.store.read(uri, { ...this.#read, range, checksum: contentHash })
    this.#verify({ contentHash, size: bytes.length })
    return bytes
  }

  text = async (): Promise<string> => {
    if (this.#output.value !== undefined) return this.#inlineText()
    const bytes = await this.bytes()
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw damaged('artifact', this.#output.uri, 'it is not text in UTF-8')
    }
  }

  stream = (): ReadableStream<Uint8Array> => {
    const hash = new RunningHash()
    let opening: Promise<ReadableStreamDefaultReader<Uint8Array>> | undefined
    const cancel = async (reason: unknown) => (await opening)?.cancel(reason)
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
            if (hash.size > this.size) {
              await cancel(undefined).catch(() => {})
              this.#verify(hash.result())
            }
            controller.enqueue(step.value)
          }
        },
        cancel,
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
    if (value !== undefined) return writeNewFile(path, this.stream())
    const { size } = await this.#options.store.download(uri, path, { ...options, ...this.#read, checksum: contentHash })
    if (size !== this.size) await rm(path, { force: true })
    this.#verify({ contentHash, size })
  }

  openFile = (file: StoredFile): StoredContent => {
    const { path, size, contentHash } = parseStored('artifact', this.#output.uri, () => checkShape(file, storedFile))
    const uri = fileUri(this.#output.uri, path)
    return new VerifiedContent({ uri, mediaType: 'application/octet-stream', size, contentHash }, this.#options)
  }

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
    const { contentHash, uri, size } = this.#output
    if (found.contentHash === contentHash && found.size === size) return
    throw new StackError(
      'checksum-mismatch',
      `The artifact at ${uri} is not what its step committed: its bytes changed.`,
      {
        hint: 'The store was changed by something else, or its disk is failing: run the pipeline again.',
        details: { uri, expected: { contentHash, size }, found },
      },
    )
  }
}

/**
 * Where a further object of an output is; no output has a dot in its name.
 * @throws StackError `invalid-path` for a path that leads elsewhere: it may come from a store.
 */
export function fileUri(outputUri: string, path: string): string {
  return `${outputUri}.files/${checkPathBelow(path)}`
}
