/** What a step gives is what a later step gets: save and load through a real store. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type ArtifactStore, type CommittedOutput, isStackError, silentLog, z } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { step } from '../../src/definition/step.js'
import type { StepDefinition } from '../../src/definition/step-definition.js'
import { ArtifactFile, isArtifactFile } from '../../src/materializers/artifact-file.js'
import { loadOutput, openOutput, readOutput } from '../../src/materializers/load-output.js'
import { defineMaterializer, type StoredFile } from '../../src/materializers/materializer.js'
import { maximumInlineSize, saveOutput } from '../../src/materializers/save-output.js'

let directory: string
let store: ArtifactStore
const plain = step({ name: 'make', run: () => 1 })

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-outputs-'))
  const Store = (await localArtifactStoreFlavor.load()) as unknown as new (context: object) => ArtifactStore
  const config = localArtifactStoreFlavor.config.parse({ path: 'store', durable: false })
  store = new Store({ id: 's', name: 's', config, settings: {}, projectRoot: directory, log: silentLog })
})

afterAll(() => rm(directory, { recursive: true, force: true }))

let count = 0

async function save(value: unknown, made: StepDefinition = plain): Promise<CommittedOutput> {
  count += 1
  const directory = `runs/r${count}/make/1`
  const commitUri = `runs/r${count}/make/commit.json`
  const output = await saveOutput(value, { name: 'output', step: made, store, directory, commitUri })
  // As a commit keeps it.
  return JSON.parse(JSON.stringify(output)) as CommittedOutput
}

async function roundTrip(value: unknown): Promise<unknown> {
  return loadOutput(await save(value), { store })
}

const shared = { a: 1 }
const circle: { self?: unknown; at: Date } = { at: new Date(1) }
circle.self = circle

describe('a value', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'json'],
    ['a number', 1.5, 'json'],
    ['plain data', { rows: [{ id: 1, name: null }] }, 'json'],
    ['a key __proto__', JSON.parse('{"__proto__": 1}'), 'json'],
    ['undefined', undefined, 'rich-json'],
    ['NaN and -0', [Number.NaN, -0, Number.NEGATIVE_INFINITY], 'rich-json'],
    ['a date', new Date(5), 'rich-json'],
    ['an invalid date', [new Date(Number.NaN)], 'rich-json'],
    ['a map and a set', new Map([[{ a: 1 }, new Set([1, 'a'])]]), 'rich-json'],
    ['a bigint', 2n ** 80n, 'rich-json'],
    ['typed arrays inside', { x: new Float32Array([1.5, 2]), y: new BigInt64Array([1n]) }, 'rich-json'],
    ['a hole', Object.assign(new Array(3), { 0: 1, 2: 2 }), 'rich-json'],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), 'rich-json'],
    ['a lone surrogate', 'a\ud800<', 'rich-json'],
    ['a URL', new URL('http://a/b'), 'rich-json'],
    ['text', '<html>\u2028 ä😀</html>', 'text'],
    ['empty text', '', 'text'],
    ['bytes', new Uint8Array([0, 255, 10]), 'bytes'],
    ['no bytes', new Uint8Array(0), 'bytes'],
    ['a buffer', Buffer.from('abc'), 'bytes'],
    ['an array buffer', new Uint8Array([1, 2]).buffer, 'bytes'],
    ['a part of a typed array', new Float64Array([1, 2, 3]).subarray(1), 'bytes'],
    ['a data view', new DataView(new Uint8Array([1, 2]).buffer), 'bytes'],
  ])('%s comes back as it was', async (_, value, materializer) => {
    const output = await save(value)
    expect(output.materializer).toBe(materializer)
    expect(await loadOutput(output, { store })).toStrictEqual(value)
  })

  it('comes back with its circles and shared references', async () => {
    const back = (await roundTrip({ circle, both: [shared, shared, new Date(0)] })) as {
      circle: typeof circle
      both: unknown[]
    }
    expect(back.circle.self).toBe(back.circle)
    expect(back.both[0]).toBe(back.both[1])
  })

  it('comes back exactly, or is refused for a key __proto__', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const back = await roundTrip(value).catch((error: unknown) => {
          // JSON keeps such a key; the richer form refuses it.
          if (isStackError(error, 'invalid-output') && hasPrototypeKey(value)) return value
          throw error
        })
        expect(back).toStrictEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  class Model {}
  it.each<[string, unknown, string]>([
    ['a function', { a: { b: [() => {}] } }, 'output.a.b[0]'],
    ['a symbol', [Symbol('a')], 'output[0]'],
    ['an instance of a class', { model: new Model() }, 'output.model'],
    ['an instance of a subclass', { rows: new (class Rows extends Map {})() }, 'output.rows'],
    ['a promise', { late: Promise.resolve(1) }, 'output.late'],
    ['a key __proto__ beside a date', [JSON.parse('{"__proto__": 1}'), new Date()], 'output[0]'],
    ['an array with named fields', { match: /a/.exec('a') }, 'output.match'],
    ['symbols as keys', { a: { [Symbol('s')]: 1 } }, 'output.a'],
    ['a file inside other data', { report: new ArtifactFile('/x') }, 'output.report'],
    ['nesting without end', deep(100_000), 'output'],
  ])('that is or holds %s is refused with its path', async (_, value, path) => {
    await expect(save(value)).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringContaining('"make"'),
      problems: [{ path }],
    })
  })
})

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Object.hasOwn(value, '__proto__')) return true
  const inner = value instanceof Map || value instanceof Set ? [...value].flat() : Object.values(value)
  return inner.some(hasPrototypeKey)
}

function deep(levels: number): unknown {
  let value: unknown = new Date()
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

describe('small JSON', () => {
  it('stays in the commit, hashed over its text', async () => {
    const value = { b: 1, a: ['ä'], 1: 'first' }
    const output = await save(value)
    const text = JSON.stringify(value)
    expect(output).toEqual({
      uri: expect.stringMatching(/^runs\/r\d+\/make\/commit\.json#\/outputs\/output$/),
      materializer: 'json',
      mediaType: 'application/json',
      size: Buffer.byteLength(text),
      contentHash: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      value,
    })
    expect(Buffer.from(await readOutput(output, { store })).toString()).toBe(text)
  })

  it('stays there up to 16 KiB, counted in bytes', async () => {
    const fits = await save(['ä'.repeat((maximumInlineSize - 4) / 2)])
    expect([fits.size, 'value' in fits]).toEqual([maximumInlineSize, true])
    const large = await save([`${'ä'.repeat((maximumInlineSize - 4) / 2)}a`])
    expect([large.size, 'value' in large]).toEqual([maximumInlineSize + 1, false])
    expect(large.uri).toMatch(/^runs\/r\d+\/make\/1\/output$/)
    expect(await store.readText(large.uri)).toBe(JSON.stringify(await loadOutput(large, { store })))
  })

  it('is rich where it must be, and its text too is what is hashed', async () => {
    const output = await save({ at: new Date(0), html: '<b>' })
    expect('value' in output).toBe(true)
    expect(await readOutput(output, { store })).toEqual(new TextEncoder().encode(JSON.stringify(output.value)))
  })

  it('does not change when the step changes its value afterwards, nor when a reader does', async () => {
    const value = { list: [1] }
    const output = await saveOutput(value, { name: 'output', step: plain, store, directory: 'd', commitUri: 'c' })
    value.list.push(2)
    const first = (await loadOutput(output, { store })) as typeof value
    first.list.push(3)
    expect(await loadOutput(output, { store })).toEqual({ list: [1] })
  })

  it('that was changed in the commit is a checksum mismatch', async () => {
    const output = { ...(await save({ a: 1 })), value: { a: 2 } }
    await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it('costs little', async () => {
    const value = { rows: 10, columns: ['a', 'b'], accuracy: 0.98 }
    const round = async () => {
      const output = await saveOutput(value, { name: 'output', step: plain, store, directory: 'd', commitUri: 'c' })
      await loadOutput(output, { store })
    }
    for (let warm = 0; warm < 500; warm += 1) await round()
    const samples: number[] = []
    for (let sample = 0; sample < 500; sample += 1) {
      const start = performance.now()
      await round()
      samples.push(performance.now() - start)
    }
    // Milliseconds at the median.
    expect(samples.sort((a, b) => a - b)[250]).toBeLessThan(0.05)
  })
})

describe('an object in the store', () => {
  it('that was changed is a checksum mismatch', async () => {
    for (const value of ['text', new Uint8Array([1, 2, 3])]) {
      const output = await save(value)
      await store.write(output.uri, 'other')
      await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
    }
  })

  it('that is gone is not found', async () => {
    const output = await save('text')
    await store.remove(output.uri)
    await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('an object of another size than its commit says', () => {
  /** An object of 8 GiB that takes no place, where its commit says three bytes. */
  async function grown(): Promise<CommittedOutput> {
    const output = await save('abc')
    await truncate(join(directory, 'store', output.uri), 8 * 1024 ** 3)
    return output
  }

  it('is read no further than to the size that was committed', async () => {
    const output = await grown()
    await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
    await expect(readOutput(output, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
    const chunks: number[] = []
    const reading = (async () => {
      for await (const chunk of openOutput(output, { store }).stream() as AsyncIterable<Uint8Array> & ReadableStream) {
        chunks.push(chunk.length)
      }
    })()
    await expect(reading).rejects.toMatchObject({ code: 'checksum-mismatch', details: { expected: { size: 3 } } })
    expect(chunks).toEqual([])
  })

  it.each([2, 4, 0])('is a checksum mismatch also where its hash is right and %i bytes are said', async (size) => {
    const output = { ...(await save('abc')), size }
    const content = openOutput(output, { store })
    const path = join(directory, `sized-${size}`)
    for (const read of [
      () => content.bytes(),
      () => content.text(),
      () => new Response(content.stream()).text(),
      () => content.file(),
      () => content.download(path),
    ]) {
      await expect(read()).rejects.toMatchObject({ code: 'checksum-mismatch' })
    }
    expect(existsSync(path)).toBe(false)
    const inline = await save({ a: 1 })
    await expect(loadOutput({ ...inline, size }, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })
})

describe('an object that its materializer did not write', () => {
  it.each<[string, string | Uint8Array, Partial<CommittedOutput>, string]>([
    ['bytes that are no text', new Uint8Array([0xff, 0xfe]), { materializer: 'text' }, 'it is not text in UTF-8'],
    ['text that is no JSON', 'a', { materializer: 'json' }, 'it is not JSON'],
    ['text that is no rich JSON', '[["Date"', { materializer: 'rich-json' }, 'it is not rich JSON'],
    ['rich JSON of an unknown type', '[["Model",1]]', { materializer: 'rich-json' }, 'it is not rich JSON'],
    [
      'seven bytes of floats',
      'seven b',
      { metadata: { view: 'Float64Array' } },
      'its 7 bytes are not those of a Float64Array',
    ],
    ['no manifest', '{}', { materializer: 'directory' }, 'files: '],
  ])('%s is damaged, with its key', async (_, content, changes, why) => {
    const output = { ...(await save(content)), materializer: 'bytes', ...changes }
    await expect(loadOutput(output, { store })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringMatching(new RegExp(`^The artifact at ${output.uri} is damaged: ${why}`)),
    })
  })

  it('is taken for a blob whatever its metadata say', async () => {
    const metadata = { type: { toString: 1 }, name: 'a.csv', lastModified: { valueOf: null } }
    const output = { ...(await save(new Blob(['abc']))), metadata }
    const file = (await loadOutput(output, { store })) as File
    expect([file.name, file.type, await file.text()]).toEqual(['a.csv', '', 'abc'])
  })
})

describe('a file', () => {
  it('is stored as it is and given back at a path of the reader’s own, under its name', async () => {
    const path = join(directory, 'report.html')
    await writeFile(path, '<html></html>')
    const output = await save(new ArtifactFile(path))
    expect(output).toMatchObject({ materializer: 'file', mediaType: 'text/html', metadata: { name: 'report.html' } })
    expect(await store.readText(output.uri)).toBe('<html></html>')
    const [one, two] = [
      (await loadOutput(output, { store })) as ArtifactFile,
      (await loadOutput(output, { store })) as ArtifactFile,
    ]
    expect(isArtifactFile(one)).toBe(true)
    expect(basename(one.path)).toBe('report.html')
    expect(one.path).not.toBe(two.path)
    expect(await readFile(one.path, 'utf8')).toBe('<html></html>')
    expect(await one.text()).toBe('<html></html>')
    expect(await new Response(one.stream()).text()).toBe('<html></html>')
  })

  it.each(['a'.repeat(255), 'ä'.repeat(127), '名'.repeat(85), '😀'.repeat(63)])(
    'keeps a name as long as a name can be: %s',
    async (name) => {
      const path = join(directory, 'short.txt')
      await writeFile(path, 'abc')
      const file = (await roundTrip(new ArtifactFile(path, { name }))) as ArtifactFile
      expect([file.name, basename(file.path), await file.text()]).toEqual([name, name, 'abc'])
    },
  )

  it('is given back at a path of its own also where several are loaded concurrently', async () => {
    const path = join(directory, 'same.txt')
    await writeFile(path, 'abc')
    const output = await save(new ArtifactFile(path))
    const files = await Promise.all(Array.from({ length: 5 }, () => loadOutput(output, { store })))
    expect(new Set((files as ArtifactFile[]).map((file) => file.path)).size).toBe(5)
  })

  it('that is not there is an invalid output', async () => {
    await expect(save(new ArtifactFile(join(directory, 'none')))).rejects.toMatchObject({ code: 'invalid-output' })
  })

  it('that was changed in the store is a checksum mismatch', async () => {
    const path = join(directory, 'a.bin')
    await writeFile(path, 'abc')
    const output = await save(new ArtifactFile(path))
    await store.write(output.uri, 'abd')
    await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it('is its own schema', async () => {
    const made = step({ name: 'report', output: ArtifactFile, run: () => 'report.html' as never })
    await expect(made.run({}, {} as never)).rejects.toMatchObject({ code: 'invalid-output' })
  })

  it('of another copy of the package is an instance too, but of no class derived from it', () => {
    class Report extends ArtifactFile {}
    const foreign = { path: '/a', [Symbol.for('@stack/pipelines/artifact-file')]: true }
    expect([foreign instanceof ArtifactFile, new Report('/a') instanceof ArtifactFile]).toEqual([true, true])
    expect([foreign instanceof Report, new Report('/a') instanceof Report]).toEqual([false, true])
    expect({} instanceof ArtifactFile).toBe(false)
  })

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\0'])('cannot be named %j', (name) => {
    expect(() => new ArtifactFile('/a', { name })).toThrowError(expect.objectContaining({ code: 'invalid-name' }))
  })

  it('of the web keeps its type and name', async () => {
    const blob = (await roundTrip(new Blob(['abc'], { type: 'text/csv' }))) as Blob
    expect([blob.type, await blob.text()]).toEqual(['text/csv', 'abc'])
    const file = (await roundTrip(new File(['abc'], 'a.csv', { type: 'text/csv', lastModified: 5 }))) as File
    expect([file.name, file.type, file.lastModified, await file.text()]).toEqual(['a.csv', 'text/csv', 5, 'abc'])
  })
})

describe('a materializer of a step’s own', () => {
  class Model {
    readonly weights: readonly number[]
    constructor(weights: readonly number[]) {
      this.weights = weights
    }
  }
  const modelMaterializer = defineMaterializer<Model>({
    name: 'model',
    mediaType: 'application/x-model',
    matches: (value) => value instanceof Model,
    save: ({ weights }) => ({
      content: new Uint8Array(Float64Array.from(weights).buffer),
      metadata: { count: weights.length },
    }),
    load: async (content) => {
      const bytes = await content.bytes()
      expect(content.metadata).toEqual({ count: 2 })
      return new Model([...new Float64Array(bytes.slice().buffer)])
    },
  })
  const train = step({
    name: 'train',
    output: z.instanceof(Model),
    run: () => new Model([1, 2]),
    materializers: { output: modelMaterializer },
  })

  it('writes its output and reads it for later steps', async () => {
    const output = await save(new Model([1, 2]), train)
    expect(output).toMatchObject({ materializer: 'model', mediaType: 'application/x-model', size: 16 })
    expect(await loadOutput(output, { store, step: train })).toStrictEqual(new Model([1, 2]))
  })

  it('refuses what it does not take', async () => {
    await expect(save(1, train)).rejects.toMatchObject({ code: 'invalid-output', problems: [{ path: 'output' }] })
  })

  it('is needed to read what it wrote', async () => {
    const output = await save(new Model([1, 2]), train)
    await expect(loadOutput(output, { store })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that gives nothing that can be written is told', async () => {
    const materializer = defineMaterializer({
      name: 'bad',
      mediaType: 'a/b',
      matches: () => true,
      save: () => 1 as never,
      load: () => 1,
    })
    const made = step({ name: 'bad', run: () => 1, materializers: { output: materializer } })
    await expect(save(1, made)).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringContaining('"bad"'),
    })
  })

  it('may write further objects beside its content, each verified when it is opened', async () => {
    const shards = defineMaterializer<Map<string, string>>({
      name: 'shards',
      mediaType: 'application/json',
      matches: (value) => value instanceof Map,
      save: async (value, { writeFile }) => {
        const files = []
        for (const [name, text] of value) files.push(await writeFile(`${name}.txt`, text))
        return JSON.stringify(files)
      },
      load: async (content) => {
        const files = JSON.parse(await content.text()) as StoredFile[]
        const loaded = files.map(async (file) => [file.path.slice(0, -4), await content.openFile(file).text()] as const)
        return new Map(await Promise.all(loaded))
      },
    })
    const made = step({ name: 'shards', run: () => 1, materializers: { output: shards } })
    const value = new Map([
      ['a', 'one'],
      ['b', 'two'],
    ])
    const output = await save(value, made)
    expect(await loadOutput(output, { store, step: made })).toEqual(value)
    expect(await store.readText(`${output.uri}.files/a.txt`)).toBe('one')
    await store.write(`${output.uri}.files/b.txt`, 'TWO')
    await expect(loadOutput(output, { store, step: made })).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it.each(['../other', '/a', 'a/../../b', 'a//b', '', '..\\b'])('writes no further object at %j', async (path) => {
    const materializer = defineMaterializer<unknown>({
      name: 'any',
      mediaType: 'text/plain',
      matches: () => true,
      save: async (_, { writeFile }) => JSON.stringify(await writeFile(path, 'abc')),
      load: (content) => content.text(),
    })
    const made = step({ name: 'any', run: () => 1, materializers: { output: materializer } })
    await expect(save(1, made)).rejects.toMatchObject({ code: 'invalid-path' })
  })

  it('may write text, files and streams', async () => {
    const path = join(directory, 'content.txt')
    await writeFile(path, 'abc')
    const contents = {
      text: () => 'abc',
      bytes: () => new TextEncoder().encode('abc'),
      file: () => ({ file: path }),
      stream: () => new Blob(['abc']).stream() as ReadableStream<Uint8Array>,
      async *chunks() {
        yield new TextEncoder().encode('ab')
        yield new TextEncoder().encode('c')
      },
    }
    for (const content of Object.values(contents)) {
      const materializer = defineMaterializer<unknown>({
        name: 'any',
        mediaType: 'text/plain',
        matches: () => true,
        save: () => content(),
        load: async (stored) => [await stored.text(), await readFile(await stored.file('a.txt'), 'utf8')],
      })
      const made = step({ name: 'any', run: () => 1, materializers: { output: materializer } })
      const output = await save(1, made)
      expect(output).toMatchObject({
        size: 3,
        contentHash: `sha256:${createHash('sha256').update('abc').digest('hex')}`,
      })
      expect(await loadOutput(output, { store, step: made })).toEqual(['abc', 'abc'])
    }
  })
})
