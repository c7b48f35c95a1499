/** The kit finds what is wrong with deliberately broken stores, each in the case that names it. */
import {
  type ListOptions,
  type MultipartUpload,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
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

class WrongOrderDriver extends MemoryDriver {
  override async *list(prefix: string, options: ListOptions): AsyncGenerator<Page> {
    for await (const page of super.list(prefix, options)) {
      yield { entries: page.entries.toSorted((left, right) => (left.key < right.key ? -1 : 1)) }
    }
  }
}

const broken: readonly [string, () => MemoryDriver][] = [
  ['13.siblings', () => new SiblingDriver()],
  ['15.many', () => new LostPageDriver()],
  ['1.absent', () => new WrongCodeDriver()],
  ['10.racers', () => new IgnoredConditionDriver()],
  ['10.no-clobber', () => new IgnoredConditionDriver()],
  ['model.sequences', () => new IgnoredConditionDriver()],
  ['8.failed-source', () => new TornDriver()],
  ['8.aborted', () => new TornDriver()],
  ['16.order', () => new WrongOrderDriver()],
  ['26.mid-write', () => new TornPartsDriver()],
  ['26.mid-write', () => new LeakingDriver()],
  ['26.time-limit', () => new LeakingDriver()],
  ['33.failed-source', () => new TornPartsDriver()],
  ['33.failed-source', () => new LeakingDriver()],
  ['33.wrong-length', () => new TrustingDriver()],
  ['33.parts', () => new DisorderedPartsDriver()],
]

describe('deliberately broken stores', () => {
  test.each(broken)('fail %s', async (id, makeDriver) => {
    const found = artifactStoreCases.find((one) => one.id === id)
    if (found === undefined) throw new Error(`There is no case ${id}.`)
    const suite = { name: 'broken', create: () => new MemoryStore(makeDriver(), undefined) }
    await expect(runStoreCase(suite, found)).rejects.toThrow()
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
