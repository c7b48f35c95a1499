/** A driver in memory that takes parts and ranges as object stores do; it counts what it holds and fails when told to. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import {
  ArtifactStore,
  type ArtifactStoreCapabilities,
  type ArtifactStoreDriver,
  type CopyOptions,
  type Crc,
  compareKeys,
  type DeleteResult,
  type GetOptions,
  type GetResult,
  type ListOptions,
  type MultipartUpload,
  type OperationOptions,
  type Page,
  type PartSource,
  type PutOptions,
  type PutResult,
  type PutSource,
  resolveRange,
  StackError,
  type Stat,
  silentLog,
  type UnfinishedUpload,
} from '../../src/index.js'

interface StoredObject {
  bytes: Uint8Array
  readonly stat: Stat
}

/** What the driver does beside what it is asked for. */
export interface MemoryDriverOptions {
  readonly partSize?: MultipartUpload['partSize']
  readonly maxParts?: number
  readonly inOrder?: boolean
  /** Milliseconds that a part or a range takes. */
  readonly latencyMs?: number
  /** Called before a call is done: throws to make it fail. */
  readonly before?: (call: Call) => void | Promise<void>
  readonly capabilities?: Partial<ArtifactStoreCapabilities>
  /** Keeps a CRC-32 of each object. */
  readonly checksums?: boolean
  /** Changes the bytes that a read gives. */
  readonly tamper?: (bytes: Uint8Array, call: Call) => Uint8Array
  /** How many bytes of what `into` fills are shown, in pieces of 100. */
  readonly shows?: number
}

/** One call of the driver. */
export interface Call {
  readonly verb: string
  readonly key: string
  readonly number?: number
  readonly size?: number
  readonly last?: boolean
  readonly start?: number
}

const crc: Crc = { name: 'crc32', of: (bytes, previous = 0) => crc32(bytes, previous) }

export class MemoryDriver implements ArtifactStoreDriver {
  readonly capabilities: ArtifactStoreCapabilities
  readonly crc = crc
  readonly objects = new Map<string, StoredObject>()
  /** Uploads that were neither completed nor aborted. */
  readonly uploads = new Set<string>()
  readonly calls: Call[] = []
  /** Bytes of parts on their way, now and at most. */
  readonly inFlight = { bytes: 0, peak: 0, parts: 0, peakParts: 0 }
  /** Bodies that were opened and neither read to their end nor closed. */
  openBodies = 0
  readonly #options: MemoryDriverOptions
  #count = 0

  constructor(options: MemoryDriverOptions = {}) {
    this.#options = options
    this.capabilities = {
      conditionalCreate: true,
      conditionalUpdate: true,
      rename: 'copy-delete',
      caseSensitive: true,
      emptyDirectories: false,
      fileAndDirectory: true,
      metadata: true,
      presign: false,
      multipart: true,
      ...options.capabilities,
    }
  }

  /** What calls of a verb were made. */
  called(verb: string): readonly Call[] {
    return this.calls.filter((call) => call.verb === verb)
  }

  async head(key: string): Promise<Stat | null> {
    await this.#call({ verb: 'head', key })
    return this.objects.get(key)?.stat ?? null
  }

  async get(key: string, options: GetOptions): Promise<GetResult> {
    const size = this.objects.get(key)?.bytes.length ?? 0
    const start = options.range !== undefined && 'start' in options.range ? options.range.start : 0
    const call = { verb: 'get', key, start, size }
    await this.#call(call, options.signal)
    const { bytes, stat } = this.#existing(key)
    if (options.ifMatch !== undefined && options.ifMatch !== stat.version) throw changed()
    const range = resolveRange(options.range, bytes.length)
    const copy = new Uint8Array(bytes.subarray(range.start, range.end))
    const part = this.#options.tamper?.(copy, call) ?? copy
    this.openBodies += 1
    const close = async (): Promise<void> => {
      if (open) this.openBodies -= 1
      open = false
    }
    let open = true
    return {
      stat,
      range,
      close,
      body: () => this.#body(part, close, options.signal),
      into: async (target, placed) => {
        try {
          if (this.#options.latencyMs !== undefined) await delay(this.#options.latencyMs, undefined, options)
          target.set(part)
          const shown = Math.min(this.#options.shows ?? 0, part.length)
          for (let at = 0; at < shown; at += 100) placed?.(target.subarray(at, Math.min(at + 100, shown)))
          return part.length
        } finally {
          await close()
        }
      },
    }
  }

  async put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const bytes = await contentOf(source)
    await this.#call({ verb: 'put', key, size: bytes.length }, options.signal)
    return this.#store(key, bytes, options)
  }

  async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    await this.#call({ verb: 'list', key: prefix }, options.signal)
    const start = prefix === '' ? '' : `${prefix}/`
    const entries = [...this.objects.values()].map(({ stat }) => stat).filter(({ key }) => key.startsWith(start))
    yield { entries: entries.sort((left, right) => compareKeys(left.key, right.key)) }
  }

  async delete(keys: readonly string[], options: OperationOptions): Promise<DeleteResult> {
    for (const key of keys) await this.#call({ verb: 'delete', key }, options.signal)
    for (const key of keys) this.objects.delete(key)
    return { failed: [] }
  }

  async copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const { bytes, stat } = this.#existing(from)
    return this.put(to, { kind: 'bytes', bytes }, { ...options, ...stat })
  }

  async multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    await this.#call({ verb: 'multipart', key }, options.signal)
    const { partSize = { min: 1, max: 2 ** 40 }, maxParts = 10_000, inOrder = false } = this.#options
    this.#count += 1
    const id = `${key}#${this.#count}`
    this.uploads.add(id)
    const arrived = new Map<number, Uint8Array>()
    return {
      partSize,
      maxParts,
      inOrder,
      part: async (number, source, { signal, last }) => {
        const size = sizeOf(source)
        this.#enter(source.kind === 'bytes' ? size : 0)
        try {
          await this.#call({ verb: 'part', key, number, size, last }, signal)
          if (this.#options.latencyMs !== undefined) await delay(this.#options.latencyMs, undefined, { signal })
          arrived.set(number, await contentOf(source))
          return { number, size }
        } finally {
          this.#leave(source.kind === 'bytes' ? size : 0)
        }
      },
      complete: async (parts, { signal }) => {
        await this.#call({ verb: 'complete', key }, signal)
        const result = this.#store(
          key,
          Buffer.concat(parts.map(({ number }) => arrived.get(number) as Uint8Array)),
          options,
        )
        this.uploads.delete(id)
        return result
      },
      abort: async () => {
        await this.#call({ verb: 'abort', key })
        this.uploads.delete(id)
      },
    }
  }

  async *unfinishedUploads(): AsyncGenerator<UnfinishedUpload> {
    for (const id of this.uploads) {
      const key = id.slice(0, id.lastIndexOf('#'))
      yield { key, startedAt: new Date(Date.now() - 1000), abort: async () => void this.uploads.delete(id) }
    }
  }

  async #call(call: Call, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.calls.push(call)
    await this.#options.before?.(call)
    signal?.throwIfAborted()
  }

  #store(key: string, bytes: Uint8Array, options: PutOptions): PutResult {
    const standing = this.objects.get(key)
    if (options.ifAbsent === true && standing !== undefined) throw new StackError('already-exists', 'it exists')
    if (options.ifMatch !== undefined && options.ifMatch !== standing?.stat.version) throw changed()
    this.#count += 1
    const version = `v${this.#count}`
    const stat: Stat = {
      key,
      kind: 'file',
      size: bytes.length,
      version,
      ...(options.contentType && { contentType: options.contentType }),
      ...(options.metadata && { metadata: options.metadata }),
      ...(this.#options.checksums && { checksum: checksumOf(bytes) }),
    }
    this.objects.set(key, { bytes, stat })
    return { size: bytes.length, version }
  }

  #body(bytes: Uint8Array, close: () => Promise<void>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
    const { latencyMs } = this.#options
    let position = 0
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (latencyMs !== undefined) await delay(latencyMs, undefined, { signal })
          // Odd pieces, which no part begins or ends with.
          const piece = bytes.slice(position, position + 977)
          position += piece.length
          if (piece.length > 0) controller.enqueue(piece)
          if (position < bytes.length) return
          await close()
          controller.close()
        },
        cancel: close,
      },
      { highWaterMark: 0 },
    )
  }

  #enter(bytes: number): void {
    this.inFlight.bytes += bytes
    this.inFlight.parts += 1
    this.inFlight.peak = Math.max(this.inFlight.peak, this.inFlight.bytes)
    this.inFlight.peakParts = Math.max(this.inFlight.peakParts, this.inFlight.parts)
  }

  #leave(bytes: number): void {
    this.inFlight.bytes -= bytes
    this.inFlight.parts -= 1
  }

  #existing(key: string): StoredObject {
    const found = this.objects.get(key)
    if (found === undefined) throw new StackError('not-found', 'it does not exist')
    return found
  }
}

/** A store on a driver. */
export class MemoryStore extends ArtifactStore {
  readonly #driver: ArtifactStoreDriver

  constructor(driver: ArtifactStoreDriver) {
    const config = { path: 'memory://bucket' }
    super({ id: 'memory', name: 'memory', config, settings: {}, projectRoot: '/', log: silentLog })
    this.#driver = driver
  }

  protected override connect(): ArtifactStoreDriver {
    return this.#driver
  }
}

/** A store, and its driver to look into. */
export function memoryStore(options: MemoryDriverOptions = {}): { store: MemoryStore; driver: MemoryDriver } {
  const driver = new MemoryDriver(options)
  return { store: new MemoryStore(driver), driver }
}

/** Bytes that are all different from their neighbours, so that a wrong place is seen. */
export function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
}

function checksumOf(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return `crc32:${sum.toString('base64')}`
}

function sizeOf(source: PartSource): number {
  return source.kind === 'bytes' ? source.bytes.length : source.size
}

async function contentOf(source: PutSource): Promise<Uint8Array> {
  if (source.kind === 'bytes') return new Uint8Array(source.bytes)
  if (source.kind === 'file') {
    const { start = 0, size } = source
    const bytes = (await readFile(source.path)).subarray(start, start + size)
    if (bytes.length !== size) throw new StackError('precondition-failed', 'the file is shorter now')
    return bytes
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of source.chunks) chunks.push(new Uint8Array(chunk))
  return Buffer.concat(chunks)
}

function changed(): StackError {
  return new StackError('precondition-failed', 'it has changed since, or is gone')
}
