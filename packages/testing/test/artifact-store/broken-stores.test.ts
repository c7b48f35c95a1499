/** The kit finds what is wrong with deliberately broken stores, each in the case that names it. */
import { readFile, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  type ArtifactEntry,
  type ArtifactPath,
  type ArtifactWriter,
  type CopyOptions,
  type DeleteResult,
  isStackError,
  type ListOptions,
  type MoveOptions,
  type MultipartUpload,
  type OperationOptions,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  type ReadOptions,
  StackError,
  type Stat,
  type StreamOptions,
  type WalkOrder,
  type WritableData,
  type WriteOptions,
} from '@stack/core'
import { describe, expect, test } from 'vitest'
import { artifactStoreCases, describeArtifactStore, runStoreCase } from '../../src/index.js'
import { MemoryDriver, MemoryStore, plantInMemory } from './memory-store.js'

class SiblingDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    yield* super.list(prefix, options)
    if (prefix === '' || options.delimiter !== undefined) return
    const siblings = [...this.objects.values()].map(({ stat }) => stat).filter(({ key }) => key.startsWith(prefix))
    yield { entries: siblings }
  }
}

class LostPageDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const page of super.list(prefix, options)) {
      yield page
      return
    }
  }
}

class WrongCodeDriver extends MemoryDriver {
  override async head(key: string): Promise<Stat | null> {
    if (!this.objects.has(key)) throw new StackError('unavailable', 'the server said 404')
    return super.head(key)
  }
}

class IgnoredConditionDriver extends MemoryDriver {
  override put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    const { ifAbsent: _, ...rest } = options
    return super.put(key, source, rest)
  }
}

/** A driver that is given streams as they are. */
class StreamDriver extends MemoryDriver {
  constructor() {
    super()
    Object.defineProperty(this, 'multipart', { value: undefined })
  }
}

class TornDriver extends StreamDriver {
  override async put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    if (source.kind === 'stream') await super.put(key, { kind: 'bytes', bytes: new Uint8Array(1) }, {})
    return super.put(key, source, options)
  }
}

class TornPartsDriver extends MemoryDriver {
  override async multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    const upload = await super.multipart(key, options)
    return {
      ...upload,
      part: async (number, source, partOptions) => {
        const { signal: _, ...rest } = options
        await this.put(key, source, rest)
        return upload.part(number, source, partOptions)
      },
    }
  }
}

class LeakingDriver extends MemoryDriver {
  override async multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    return { ...(await super.multipart(key, options)), abort: async () => {} }
  }
}

class DisorderedPartsDriver extends MemoryDriver {
  override async multipart(key: string, options: PutOptions): Promise<MultipartUpload> {
    const upload = await super.multipart(key, options)
    return { ...upload, complete: (parts, limits) => upload.complete(parts.toReversed(), limits) }
  }
}

class TrustingDriver extends StreamDriver {
  override put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    if (source.kind !== 'stream') return super.put(key, source, options)
    return super.put(key, { kind: 'stream', chunks: source.chunks }, options)
  }
}

/** Takes a source that breaks for one that has ended. */
class SwallowingDriver extends StreamDriver {
  override put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    if (source.kind !== 'stream') return super.put(key, source, options)
    const { chunks } = source
    async function* untilItBreaks(): AsyncGenerator<Uint8Array> {
      try {
        yield* chunks
      } catch {}
    }
    const { signal: _, ...rest } = options
    return super.put(key, { kind: 'stream', chunks: untilItBreaks() }, rest)
  }
}

/** Forgets signals. */
class DeafStore extends MemoryStore {
  override read(path: ArtifactPath, { signal: _, ...options }: ReadOptions = {}): Promise<Uint8Array> {
    return super.read(path, options)
  }
}

/** Holds a whole stream before it sends the first part. */
class GreedyStore extends MemoryStore {
  override async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    if (typeof data !== 'object' || !(Symbol.asyncIterator in data)) return super.write(path, data, options)
    const chunks: Uint8Array[] = []
    for await (const chunk of data) chunks.push(Buffer.from(chunk))
    return super.write(path, Buffer.concat(chunks), options)
  }
}

class WrongOrderDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const page of super.list(prefix, options)) {
      yield { entries: page.entries.toSorted((left, right) => (left.key < right.key ? -1 : 1)) }
    }
  }
}

/** Lists one level without the objects that mark its directories, as if none were there. */
class UnmarkedDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const { entries } of super.list(prefix, options)) {
      yield { entries: entries.filter(({ key }) => !key.endsWith('/') && key !== '') }
    }
  }
}

/** Takes an object that marks a directory for one without a name. */
class CuttingDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const { entries } of super.list(prefix, options)) {
      yield {
        entries: entries.map((entry) =>
          entry.kind === 'file' ? { ...entry, key: entry.key.replace(/\/$/, '') } : entry,
        ),
      }
    }
  }
}

/** Leaves out of every listing what no path can name. */
class SilentDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const { entries } of super.list(prefix, options)) {
      yield { entries: entries.filter(({ key }) => !/(^|\/)(\.{0,2}\/|\.{1,2}$)|[^/]{128}/.test(key)) }
    }
  }
}

/** Writes keys as a file system would take them. */
class NormalisingDriver extends MemoryDriver {
  override put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    return super.put(key.replace(/\/\/+/g, '/').replace(/(^|\/)\.(?=\/)/g, ''), source, options)
  }
}

/** Deletes nothing whose key is no name. */
class KeepingDriver extends MemoryDriver {
  override delete(keys: readonly string[]): Promise<DeleteResult> {
    return super.delete(keys.filter((key) => !/(^|\/)\.{0,2}(\/|$)|[^/]{256}/.test(key)))
  }
}

/** Finds a directory gone that vanished while it was listed, and ends the listing by that. */
class StrictDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    let found = prefix === ''
    for await (const page of super.list(prefix, options)) {
      found ||= page.entries.length > 0
      yield page
    }
    if (!found && options.kindsOnly === true) throw new StackError('unavailable', 'the directory is gone')
  }
}

/** Lists nothing of directories called `to`: what stands in the way is not seen. */
class BlindDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    if (!prefix.endsWith('/to')) yield* super.list(prefix, options)
  }
}

/** Deletes before it copies: what is interrupted in between is lost. */
class LosingDriver extends MemoryDriver {
  readonly #held = new Map<string, Uint8Array>()

  override async copy(from: string, to: string, options: CopyOptions): Promise<PutResult> {
    const bytes = this.objects.get(from)?.bytes
    if (bytes !== undefined) this.#held.set(to, bytes)
    await super.copy(from, to, options)
    this.objects.delete(to)
    return { size: 0 }
  }

  override async delete(keys: readonly string[]): Promise<DeleteResult> {
    const deleted = await super.delete(keys)
    for (const [key, bytes] of this.#held) await this.put(key, { kind: 'bytes', bytes }, {})
    this.#held.clear()
    return deleted
  }
}

/** A store that hands the root to its driver, under a key that no verb shows. */
class RootlessStore extends MemoryStore {
  override rename(from: ArtifactPath, to: ArtifactPath, options: MoveOptions = {}): Promise<void> {
    return super.rename(from, to === '' ? 'hidden' : to, options)
  }
}

/** A store that expands the braces of its root. */
class BraceStore extends MemoryStore {
  override glob(pattern: ArtifactPath, options: OperationOptions = {}): Promise<string[]> {
    return super.glob(String(pattern).replace(/\{(\w),\w\}\/\*/, '$1/*'), options)
  }
}

/** A store whose walk says of every error where it began. */
class VagueStore extends MemoryStore {
  override async *walk(path: ArtifactPath, options: OperationOptions & WalkOrder = {}) {
    try {
      yield* super.walk(path, options)
    } catch (error) {
      if (!isStackError(error)) throw error
      throw new StackError(error.code, error.message, { details: { ...error.details, uri: this.uri(path) } })
    }
  }
}

/** Keeps what a careless transport makes of metadata and content types. */
class TrimmingDriver extends MemoryDriver {
  override put(key: string, source: PutSource, { contentType, metadata, ...options }: PutOptions): Promise<PutResult> {
    const trimmed = Object.entries(metadata ?? {}).map(([name, value]) => [name, value.trim()])
    return super.put(key, source, {
      ...options,
      metadata: Object.fromEntries(trimmed),
      ...(contentType && { contentType: contentType.toLowerCase() }),
    })
  }
}

/** Opens what nobody reads yet. */
class EagerStore extends MemoryStore {
  override async stream(path: ArtifactPath, options: StreamOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return new Blob([new Uint8Array(await this.read(path, options))]).stream()
  }
}

/** Takes every time limit for a timer's. */
class TimerStore extends MemoryStore {
  override stat(path: ArtifactPath, { timeoutMs, ...options }: OperationOptions = {}): Promise<ArtifactEntry> {
    const limited = timeoutMs === undefined ? {} : { timeoutMs: Number(timeoutMs) | 0 }
    return super.stat(path, { ...options, ...limited })
  }
}

/** Looks for an abort when all is done. */
class LateStore extends MemoryStore {
  override async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    const result = await super.write(path, data, options)
    options.signal?.throwIfAborted()
    return result
  }
}

/** Holds its time limit against what is done. */
class StrictStore extends MemoryStore {
  override async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    const began = performance.now()
    const result = await super.write(path, data, options)
    if (performance.now() - began > (options.timeoutMs ?? 60_000)) throw new StackError('timed-out', 'too late')
    return result
  }
}

/** Its writers take a call that comes too late for a wish to have nothing. */
class TouchyStore extends MemoryStore {
  override async writer(path: ArtifactPath, options: WriteOptions = {}): Promise<ArtifactWriter> {
    const writer = await super.writer(path, options)
    const close = writer.close.bind(writer)
    writer.close = () =>
      close().catch(async (error: unknown) => {
        await this.remove(path, { missingOk: true })
        throw error
      })
    return writer
  }
}

/** Believes what a file says of its size, and that a stream is whole. */
class CredulousStore extends MemoryStore {
  override async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    if (typeof data === 'object' && 'file' in data) {
      const { size } = await stat(data.file)
      return super.write(path, (await readFile(data.file)).subarray(0, size), options)
    }
    if (!(data instanceof Readable)) return super.write(path, data, options)
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield* data as Readable
    }
    return super.write(path, chunks(), options)
  }
}

/** Writes without what is refused of it. */
class ForgivingStore extends MemoryStore {
  override write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    return super.write(path, data, options).catch((error: unknown) => {
      if (!isStackError(error, 'usage')) throw error
      const { metadata: _, contentType: __, ifMatch: ___, ...others } = options
      return super.write(path, data, others)
    })
  }
}

/** A case, what breaks it, and what it then says. */
const broken: readonly [string, () => MemoryDriver, RegExp][] = [
  ['13.siblings', () => new SiblingDriver(), /which is not below/],
  ['15.many', () => new LostPageDriver(), /to deeply equal/],
  ['1.absent', () => new WrongCodeDriver(), /expected 'unavailable' to be 'not-found'/],
  ['10.racers', () => new IgnoredConditionDriver(), /'racer 1'/],
  ['10.no-clobber', () => new IgnoredConditionDriver(), /'source-1'/],
  ['model.sequences', () => new IgnoredConditionDriver(), /Property failed/],
  ['8.failed-source', () => new TornDriver(), /to be 'old'/],
  ['8.aborted', () => new TornDriver(), /to be 'old'/],
  ['16.order', () => new WrongOrderDriver(), /'a', 'a-'/],
  ['26.mid-write', () => new TornPartsDriver(), /to be 'old'/],
  ['26.mid-write', () => new LeakingDriver(), /left unfinished/],
  ['26.time-limit', () => new LeakingDriver(), /left unfinished/],
  ['33.failed-source', () => new TornPartsDriver(), /to be 'old'/],
  ['33.failed-source', () => new LeakingDriver(), /left unfinished/],
  ['33.wrong-length', () => new TrustingDriver(), /Expected precondition-failed/],
  ['33.parts', () => new DisorderedPartsDriver(), /buffer of \d+/],
  ['8.failed-source', () => new SwallowingDriver(), /instead of rejecting/],
  ['8.aborted', () => new SwallowingDriver(), /instead of rejecting/],
  ['26.mid-write', () => new SwallowingDriver(), /expected 'done' to be Error: enough/],
  ['40.first-read', () => new WrongCodeDriver(), /expected 'unavailable' to be 'not-found'/],
  ['46.kept', () => new TrimmingDriver(), /to deeply equal/],
  ['46.kept-content-types', () => new TrimmingDriver(), /'image\/png' to be 'IMAGE\/png'/],
]

/** Likewise, of the tree that keys make. */
const brokenTrees: readonly [string, () => MemoryDriver, RegExp][] = [
  ['37.empty-segments', () => new NormalisingDriver(), /'b'/],
  ['37.dot-segments', () => new NormalisingDriver(), /to deeply equal/],
  ['37.empty-segments', () => new SilentDriver(), /to match object/],
  ['37.dot-segments', () => new SilentDriver(), /to deeply equal|to match object/],
  ['37.long-names', () => new SilentDriver(), /to deeply equal|to match object/],
  ['37.empty-segments', () => new KeepingDriver(), /to be false/],
  ['37.long-names', () => new KeepingDriver(), /to be false/],
  ['38.marker', () => new UnmarkedDriver(), /to deeply equal/],
  ['38.marker-with-bytes', () => new UnmarkedDriver(), /to deeply equal/],
  ['38.nested-markers', () => new UnmarkedDriver(), /does not exist|to deeply equal/],
  ['38.root-marker', () => new KeepingDriver(), /to deeply equal/],
  ['38.marker', () => new CuttingDriver(), /not below/],
  ['model.foreign-keys', () => new KeepingDriver(), /Property failed/],
  ['39.vanished', () => new StrictDriver(), /the directory is gone/],
  ['44.interrupted-rename', () => new LosingDriver(), /to be 'first'/],
  ['44.interrupted-file', () => new LosingDriver(), /to be 'content'/],
  ['44.other-target', () => new BlindDriver(), /Expected directory-not-empty/],
]

const brokenStores: readonly (readonly [string, () => MemoryStore, RegExp])[] = [
  ...broken.map(([id, make, complaint]) => [id, () => new MemoryStore(make(), undefined), complaint] as const),
  ...brokenTrees.map(([id, make, complaint]) => [id, () => new MemoryStore(make(), undefined), complaint] as const),
  ['36.root', () => new RootlessStore(new MemoryDriver(), undefined), /Expected is-a-directory/],
  ['36.root-names', () => new BraceStore(new MemoryDriver(), 'in/{a,b}'), /outside the store/],
  ['39.own-directory', () => new VagueStore(new MemoryDriver(), undefined), /to contain/],
  ['8.aborted-reads', () => new DeafStore(new MemoryDriver(), undefined), /instead of rejecting/],
  ['33.memory', () => new GreedyStore(new MemoryDriver(), undefined), /to be less than or equal/],
  ['40.unread', () => new EagerStore(new MemoryDriver(), undefined), /to be \+0/],
  ['40.written-before-read', () => new EagerStore(new MemoryDriver(), undefined), /does not exist/],
  ['41.no-limit', () => new TimerStore(new MemoryDriver(), undefined), /to be 'done'/],
  ['41.no-time', () => new TimerStore(new MemoryDriver(), undefined), /Expected usage/],
  ['42.aborted-after', () => new LateStore(new MemoryDriver(), undefined), /to be 'done'/],
  ['42.parts-aborted-after', () => new LateStore(new MemoryDriver(), undefined), /aborted after put/],
  ['42.late-limit', () => new StrictStore(new MemoryDriver(), undefined), /instead of resolving/],
  ['43.closed-twice', () => new TouchyStore(new MemoryDriver(), undefined), /does not exist/],
  ['45.sizes', () => new CredulousStore(new MemoryDriver(), undefined), /to match object/],
  ['45.read-streams', () => new CredulousStore(new MemoryDriver(), undefined), /a Node stream at its end/],
  ['46.refused', () => new ForgivingStore(new MemoryDriver(), undefined), /Expected usage/],
  ['46.content-types', () => new ForgivingStore(new MemoryDriver(), undefined), /Expected usage/],
  ['11.no-version', () => new ForgivingStore(new MemoryDriver(), undefined), /Expected usage/],
]

describe('deliberately broken stores', () => {
  test.each(brokenStores)('fail %s', async (id, create, complaint) => {
    const found = artifactStoreCases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    const suite = { name: 'broken', create, plant: plantInMemory }
    await expect(runStoreCase(suite, found)).rejects.toThrow(complaint)
  })
})

describe('skips', () => {
  const create = () => new MemoryStore(new MemoryDriver(), undefined)

  test('of an unknown case are refused', () => {
    expect(() => describeArtifactStore({ name: 'x', create, skip: { 'no.such-case': 'because' } })).toThrow(
      '"no.such-case" is no case',
    )
  })

  test('without a reason are refused', () => {
    expect(() => describeArtifactStore({ name: 'x', create, skip: { '16.order': ' ' } })).toThrow('without a reason')
  })
})

test('every case has an id of its own', () => {
  expect(new Set(artifactStoreCases.map(({ id }) => id)).size).toBe(artifactStoreCases.length)
})
