/** A store as object stores are: no directories of its own, a name may be file and directory, renames copy and delete. */

import { open } from 'node:fs/promises'
import {
  ArtifactStore,
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  compareKeys,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type MultipartUpload,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  resolveRange,
  StackError,
  type Stat,
  silentLog,
  sortKey,
  type UnfinishedUpload,
} from '@stack/core'

interface StoredObject {
  readonly bytes: Uint8Array
  readonly stat: Stat
}

export class MemoryDriver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities = {
    conditionalCreate: true,
    conditionalUpdate: true,
    rename: 'copy-delete',
    caseSensitive: true,
    emptyDirectories: false,
    fileAndDirectory: true,
    metadata: true,
    presign: false,
    multipart: true,
  }
  readonly objects = new Map<string, StoredObject>()
  readonly uploads = new Map<number, UnfinishedUpload>()
  #versions = 0
  #uploadCount = 0

  async head(key: string): Promise<Stat | null> {
    return this.objects.get(key)?.stat ?? null
  }

  async get(key: string, options: GetOptions): Promise<GetResult> {
    const { bytes, stat } = this.#existing(key)
    if (options.ifMatch !== undefined && options.ifMatch !== stat.version) throw changed()
    const range = resolveRange(options.range, bytes.length)
    const part = bytes.slice(range.start, range.end)
    return {
      stat,
      range,
      body: () => new Blob([part]).stream(),
      async into(target) {
        target.set(part)
        return part.length
      },
      async close() {},
    }
  }

  async put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const bytes = await contentOf(source)
    options.signal?.throwIfAborted()
    const standing = this.objects.get(key)
    if (options.ifAbsent === true && standing !== undefined) throw new StackError('already-exists', 'it exists')
    if (options.ifMatch !== undefined && options.ifMatch !== standing?.stat.version) throw changed()
    this.#versions += 1
    const { contentType, metadata } = options
    const version = `v${this.#versions}`
    const kept = { ...(contentType && { contentType }), ...(metadata && { metadata }) }
    this.objects.set(key, { bytes, stat: { key, kind: 'file', size: bytes.length, version, ...kept } })
    return { size: bytes.length, version }
  }

  async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    const start = prefix === '' ? '' : `${prefix}/`
    const entries = new Map<string, Stat>()
    for (const [key, { stat }] of this.objects) {
      if (!key.startsWith(start)) continue
      const slash = options.delimiter === undefined ? -1 : key.indexOf('/', start.length)
      const entry: Stat = slash === -1 ? stat : { key: key.slice(0, slash), kind: 'directory', size: 0 }
      entries.set(sortKey(entry), entry)
    }
    const sorted = [...entries].sort(([left], [right]) => compareKeys(left, right)).map(([, entry]) => entry)
    for (let first = 0; first < sorted.length; first += 1000) yield { entries: sorted.slice(first, first + 1000) }
  }

  async delete(keys: readonly string[]): Promise<DeleteResult> {
    for (const key of keys) this.objects.delete(key)
    return { failed: [] }
  }

  async copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const { bytes, stat } = this.#existing(from)
    return this.put(to, { kind: 'bytes', bytes }, { ...options, ...stat })
  }

  async multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    const parts = new Map<number, Uint8Array>()
    this.#uploadCount += 1
    const id = this.#uploadCount
    const abort = async (): Promise<void> => void this.uploads.delete(id)
    this.uploads.set(id, { key, startedAt: new Date(), abort })
    return {
      partSize: { min: 1024, max: 2 ** 30 },
      maxParts: 10_000,
      part: async (number, source) => {
        const bytes = await contentOf(source)
        parts.set(number, bytes)
        return { number, size: bytes.length }
      },
      complete: async (arrived) => {
        const bytes = Buffer.concat(arrived.map(({ number }) => parts.get(number) ?? new Uint8Array()))
        const { signal: _, ...rest } = options
        const result = await this.put(key, { kind: 'bytes', bytes }, rest)
        await abort()
        return result
      },
      abort,
    }
  }

  async *unfinishedUploads(): AsyncGenerator<UnfinishedUpload> {
    yield* [...this.uploads.values()]
  }

  #existing(key: string): StoredObject {
    const found = this.objects.get(key)
    if (found === undefined) throw new StackError('not-found', 'it does not exist')
    return found
  }
}

/** A store on a memory driver; its root is a bucket, and a prefix in it. */
export class MemoryStore extends ArtifactStore {
  readonly #driver: ArtifactStoreDriver

  constructor(driver: ArtifactStoreDriver, below: string | undefined) {
    const path = below === undefined ? 'memory://bucket' : `memory://bucket/${below}`
    super({ id: 'memory', name: 'memory', config: { path }, settings: {}, projectRoot: '/', log: silentLog })
    this.#driver = driver
  }

  /** What is behind it. */
  get memory(): ArtifactStoreDriver {
    return this.#driver
  }

  protected override connect(): ArtifactStoreDriver {
    return this.#driver
  }
}

/** Writes an object of any key. */
export async function plantInMemory(store: ArtifactStore, key: string, bytes: Uint8Array): Promise<void> {
  if (!(store instanceof MemoryStore)) throw new TypeError('Only a memory store is planted into.')
  await store.memory.put(key, { kind: 'bytes', bytes }, {})
}

async function contentOf(source: PutSource): Promise<Uint8Array> {
  if (source.kind === 'bytes') return source.bytes.slice()
  const bytes = source.kind === 'file' ? await fileContent(source) : Buffer.concat(await collectChunks(source.chunks))
  if (source.size === undefined || source.size === bytes.length) return bytes
  throw new StackError('precondition-failed', 'its source changed meanwhile')
}

async function fileContent({ path, start = 0, size }: Extract<PutSource, { kind: 'file' }>): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function collectChunks(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const collected: Uint8Array[] = []
  for await (const chunk of chunks) collected.push(chunk)
  return collected
}

function changed(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}
