/** The kit finds what is wrong with deliberately broken stores, each in the case that names it. */
import {
  type ArtifactPath,
  type ListOptions,
  type MultipartUpload,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  type ReadOptions,
  StackError,
  type Stat,
  type WritableData,
  type WriteOptions,
} from '@stack/core'
import { describe, expect, test } from 'vitest'
import { artifactStoreCases, describeArtifactStore, runStoreCase } from '../../src/index.js'
import { MemoryDriver, MemoryStore } from './memory-store.js'

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

/** A case, what breaks it, and what it then says. */
const broken: readonly [string, () => MemoryDriver, RegExp][] = [
  ['13.siblings', () => new SiblingDriver(), /expected \[ 'di' \]/],
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
  ['8.aborted', () => new SwallowingDriver(), /to be 'old'/],
  ['26.mid-write', () => new SwallowingDriver(), /to be 'old'/],
]

const brokenStores: readonly (readonly [string, () => MemoryStore, RegExp])[] = [
  ...broken.map(([id, make, complaint]) => [id, () => new MemoryStore(make(), undefined), complaint] as const),
  ['8.aborted-reads', () => new DeafStore(new MemoryDriver(), undefined), /instead of rejecting/],
  ['33.memory', () => new GreedyStore(new MemoryDriver(), undefined), /to be less than or equal/],
]

describe('deliberately broken stores', () => {
  test.each(brokenStores)('fail %s', async (id, create, complaint) => {
    const found = artifactStoreCases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    const suite = { name: 'broken', create }
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
