/** Streams as outputs: written as they come, read as they come, verified at their end. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { step } from '../../src/definition/step.js'
import { ArtifactStream, isArtifactStream } from '../../src/materializers/artifact-stream.js'
import { saveOutputs } from '../../src/materializers/save-outputs.js'
import { makeTestStore, type TestStore } from '../support/test-store.js'

let test: TestStore

beforeEach(async () => {
  test = await makeTestStore()
})

afterEach(() => test.remove())

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

async function* chunksOf<T>(...chunks: T[]): AsyncGenerator<T> {
  yield* chunks
}

async function collect(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a stream', () => {
  it('comes back as the kind it was, with its hash, size and type', async () => {
    const kinds: readonly [unknown, (value: unknown) => boolean][] = [
      [new Blob(['ab', 'c']).stream(), (value) => value instanceof ReadableStream],
      [Readable.from([Buffer.from('a'), Buffer.from('bc')]), (value) => value instanceof Readable],
      [new ArtifactStream(chunksOf('a', 'bc')), isArtifactStream],
      [new ArtifactStream(() => Readable.from(['abc'])), isArtifactStream],
    ]
    for (const [value, isSame] of kinds) {
      const output = await test.save(value)
      expect(output).toMatchObject({ materializer: 'stream', size: 3, contentHash: sha256(Buffer.from('abc')) })
      expect(await test.store.readText(output.uri)).toBe('abc')
      const loaded = await test.load(output)
      expect(isSame(loaded)).toBe(true)
      expect((await collect(loaded as AsyncIterable<Uint8Array>)).toString()).toBe('abc')
    }
  })

  it('is read by later steps as often as they like, where it is an ArtifactStream', async () => {
    const output = await test.save(new ArtifactStream(chunksOf('a', 'b'), { mediaType: 'text/csv' }))
    const loaded = (await test.load(output)) as ArtifactStream
    expect(loaded.mediaType).toBe('text/csv')
    expect(await loaded.text()).toBe('ab')
    expect(Buffer.from(await loaded.bytes()).toString()).toBe('ab')
    expect((await collect(loaded)).toString()).toBe('ab')
    const again = await test.save(loaded)
    expect(again).toMatchObject({ contentHash: output.contentHash, mediaType: 'text/csv' })
  })

  it('may be empty', async () => {
    const output = await test.save(new ArtifactStream(chunksOf<string>()))
    expect(output).toMatchObject({ size: 0, contentHash: sha256(Buffer.alloc(0)) })
    expect((await ((await test.load(output)) as ArtifactStream).bytes()).byteLength).toBe(0)
  })

  it('gives the same bytes however it is cut', async () => {
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => new DataView(bytes.slice().buffer)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 20 }), async (chunks) => {
        const expected = Buffer.concat(
          chunks.map((each) =>
            typeof each === 'string' ? Buffer.from(each) : Buffer.from(each.buffer, each.byteOffset, each.byteLength),
          ),
        )
        const output = await test.save(new ArtifactStream(chunksOf(...(chunks as Uint8Array[]))))
        expect(output).toMatchObject({ size: expected.byteLength, contentHash: sha256(expected) })
        expect(await collect((await test.load(output)) as ArtifactStream)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps a character that is torn between two chunks of text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(20)), async (text, cuts) => {
        const pieces: string[] = []
        let rest = text
        for (const cut of cuts) {
          pieces.push(rest.slice(0, cut))
          rest = rest.slice(cut)
        }
        const output = await test.save(new ArtifactStream(chunksOf(...pieces, rest)))
        expect(await ((await test.load(output)) as ArtifactStream).text()).toBe(text)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['half a character at its end', ['a\ud83d']],
    ['half a character before bytes', ['\ud83d', Buffer.from('a')]],
    ['a lone second half', ['\ude00']],
    ['rows', [{ id: 1 }]],
    ['numbers', [1]],
    ['null among its chunks', [null]],
  ])('with %s is refused', async (_, chunks) => {
    const value = new ArtifactStream(chunksOf(...chunks) as AsyncIterable<string>)
    await expect(test.save(value)).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringContaining('The step "make" gave a "output" that cannot be stored'),
    })
    expect(await test.files()).toEqual([])
  })

  it('that was read already is refused', async () => {
    const used = new Blob(['abc']).stream()
    await collect(used as ReadableStream<Uint8Array>)
    const locked = new Blob(['abc']).stream()
    locked.getReader()
    const node = Readable.from(['abc'])
    await node.toArray()
    for (const value of [used, locked, node, new ArtifactStream(node)]) {
      await expect(test.save(value)).rejects.toMatchObject({ code: 'invalid-output' })
    }
  })

  it('that fails gives its own error, and leaves nothing', async () => {
    const lost = new Error('connection lost')
    async function* fails() {
      yield 'abc'
      throw lost
    }
    const web = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new Uint8Array(3))
          controller.error(lost)
        },
      })
    for (const value of [Readable.from(fails()), new ArtifactStream(fails()), web(), new ArtifactStream(web)]) {
      await expect(test.save(value)).rejects.toBe(lost)
    }
    await expect(test.save(createReadStream(join(test.directory, 'none')))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await test.files()).toEqual([])
  })

  it('of Node that fails before anybody reads it is told by whoever reads it', async () => {
    const stream = new ArtifactStream(createReadStream(join(test.directory, 'none')))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await expect(test.save(stream)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('that never answers ends with the abort, given up, and leaves nothing', async () => {
    const cancelled = vi.fn()
    const reason = new Error('enough')
    const sources: readonly (() => unknown)[] = [
      () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(10)),
          pull: () => new Promise(() => {}),
          cancel: cancelled,
        }),
      () =>
        new Readable({
          read() {},
          destroy(_error, done) {
            cancelled()
            done(null)
          },
        }),
      () => new ArtifactStream(new ReadableStream({ pull: () => new Promise(() => {}), cancel: cancelled })),
    ]
    for (const [index, source] of sources.entries()) {
      const abort = new AbortController()
      const saving = test.save(source(), { signal: abort.signal })
      setTimeout(() => abort.abort(reason), 30)
      await expect(saving).rejects.toBe(reason)
      await vi.waitFor(() => expect(cancelled).toHaveBeenCalledTimes(index + 1))
    }
    expect(await test.files()).toEqual([])
  })

  it('is never in memory as a whole', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const [megabyte, count] = [1024 * 1024, 128]
    let peak = 0
    const measure = () => {
      collectGarbage()
      peak = Math.max(peak, process.memoryUsage().arrayBuffers)
    }
    async function* many() {
      for (let index = 0; index < count; index += 1) {
        yield Buffer.alloc(megabyte, index)
        if (index % 8 === 0) measure()
      }
    }
    measure()
    const before = peak
    const output = await test.save(new ArtifactStream(many()))
    let read = 0
    let chunks = 0
    for await (const chunk of (await test.load(output)) as ArtifactStream) {
      read += chunk.byteLength
      chunks += 1
      if (chunks % 64 === 0) measure()
    }
    expect([output.size, read]).toEqual([count * megabyte, count * megabyte])
    expect(peak - before).toBeLessThan(24 * megabyte)
  }, 60_000)
})

describe('a stored stream', () => {
  it('that was changed gives its bytes and then a checksum mismatch', async () => {
    const output = await test.save(new ArtifactStream(chunksOf('abc')))
    await test.store.write(output.uri, 'abd')
    const stream = ((await test.load(output)) as ArtifactStream).stream()
    const reader = stream.getReader()
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('abd')
    await expect(reader.read()).rejects.toMatchObject({ code: 'checksum-mismatch', details: { uri: output.uri } })
    await test.store.write(output.uri, 'ab')
    await expect(((await test.load(output)) as ArtifactStream).text()).rejects.toMatchObject({
      code: 'checksum-mismatch',
    })
  })

  it('costs nothing before it is read, and may be left half read', async () => {
    const output = await test.save(new ArtifactStream(chunksOf('abc')))
    const open = vi.spyOn(test.store, 'stream')
    const loaded = (await test.load(output)) as ArtifactStream
    const unread = loaded.stream()
    expect(open).not.toHaveBeenCalled()
    await unread.cancel()
    for await (const _ of loaded) break
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('ends with the signal of the step that reads it', async () => {
    const output = await test.save(new ArtifactStream(chunksOf('abc')))
    const abort = new AbortController()
    const loaded = (await test.load(output, abort.signal)) as ArtifactStream
    abort.abort(new Error('enough'))
    await expect(loaded.text()).rejects.toThrow('enough')
  })

  it('of a form this version does not know is unsupported', async () => {
    const output = await test.save(new ArtifactStream(chunksOf('abc')))
    await expect(test.load({ ...output, metadata: { form: 'Tape' } })).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('several streams of one step', () => {
  const two = step({ name: 'two', run: () => 1 })
  const options = () => ({
    step: two,
    store: test.store,
    directory: 'runs/r/two/1',
    commitUri: 'runs/r/two/commit.json',
  })

  it('are read side by side, so that one source may feed them all', async () => {
    const [odd, even] = [new PassThrough({ highWaterMark: 16 }), new PassThrough({ highWaterMark: 16 })]
    const feed = async () => {
      for (let index = 0; index < 200; index += 1) {
        const to = index % 2 === 0 ? even : odd
        if (!to.write(`${index}\n`)) await new Promise((resolve) => to.once('drain', resolve))
      }
      odd.end()
      even.end()
    }
    const [outputs] = await Promise.all([saveOutputs({ odd, even }, options()), feed()])
    expect(Object.keys(outputs)).toEqual(['odd', 'even'])
    expect((await test.store.readText('runs/r/two/1/odd')).split('\n').length).toBe(101)
  })

  it('end with the first that fails, which is what is told', async () => {
    const cancelled = vi.fn()
    const hangs = new ReadableStream({ pull: () => new Promise(() => {}), cancel: cancelled })
    const fails = new ReadableStream({ start: (controller) => controller.error(new Error('lost')) })
    await expect(saveOutputs({ hangs, fails }, options())).rejects.toThrow('lost')
    expect(cancelled).toHaveBeenCalled()
    expect(await test.files()).toEqual([])
  })
})

describe('ArtifactStream', () => {
  it('is its own schema', async () => {
    const made = step({ name: 'rows', output: ArtifactStream, run: () => 'rows' as never })
    await expect(made.run({}, {} as never)).rejects.toMatchObject({ code: 'invalid-output' })
  })

  it('refuses what is no stream', () => {
    expect(() => new ArtifactStream('text' as never)).toThrowError(expect.objectContaining({ code: 'usage' }))
  })

  it('of a stream is read once, of a function each time', async () => {
    const path = join(test.directory, 'a.txt')
    await writeFile(path, 'abc')
    const once = new ArtifactStream(createReadStream(path))
    expect(await once.text()).toBe('abc')
    await expect(once.text()).rejects.toMatchObject({ code: 'invalid-output' })
    const often = new ArtifactStream(() => createReadStream(path))
    expect([await often.text(), await often.text()]).toEqual(['abc', 'abc'])
  })
})
