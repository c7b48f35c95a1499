/** The kit finds what is wrong with deliberately broken stores, each in the case that names it. */
import {
  type ListOptions,
  type Page,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  type Stat,
} from '@stack/core'
import { describe, expect, test } from 'vitest'
import { artifactStoreCases, describeArtifactStore } from '../../src/index.js'
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

class TornDriver extends MemoryDriver {
  override async put(key: string, source: PutSource, options: PutOptions): Promise<PutResult> {
    if (source.kind === 'stream') await super.put(key, { kind: 'bytes', bytes: new Uint8Array(1) }, {})
    return super.put(key, source, options)
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
]

describe('deliberately broken stores', () => {
  test.each(broken)('fail %s', async (id, makeDriver) => {
    const store = new MemoryStore(makeDriver(), undefined)
    const found = artifactStoreCases.find((one) => one.id === id)
    const run = found?.run({ store, capabilities: await store.capabilities() })
    await expect(run).rejects.toThrow()
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
