/** Rows 3 to 8, 10, 11, 23 and 33: writing, whole or not at all. */
import { Readable } from 'node:stream'
import { isStackError } from '@stack/core'
import { expect } from 'vitest'
import { allFiles, collect, expectCode, readStream, type StoreCase } from '../store-case.js'

export const writingCases: readonly StoreCase[] = [
  {
    id: '3.below-a-file',
    title: 'writing below a file is not-a-directory, unless a name may be both',
    async run({ store, capabilities }) {
      await store.write('a', 'file')
      if (capabilities.fileAndDirectory) await store.write('a/b', 'x')
      else await expectCode(store.write('a/b', 'x'), 'not-a-directory', 'a/b')
      expect(await store.readText('a')).toBe('file')
    },
  },
  {
    id: '4.parents',
    title: 'writing makes the parents',
    async run({ store }) {
      await store.write('a/b/c/d', 'x')
      expect(await store.isdir('a/b')).toBe(true)
      expect(await store.readText('a/b/c/d')).toBe('x')
    },
  },
  {
    id: '4.sources',
    title: 'bytes, text, blobs, streams and async iterables are written alike, in odd chunkings',
    async run({ store }) {
      const text = 'grün ✓ '.repeat(5000)
      const bytes = new TextEncoder().encode(text)
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let start = 0, size = 1; start < bytes.length; start += size, size = (size * 7) % 4099) {
          yield bytes.subarray(start, start + size)
        }
      }
      const sources = {
        text,
        bytes,
        buffer: bytes.buffer,
        blob: new Blob([bytes]),
        web: new Blob([bytes]).stream(),
        node: Readable.from(chunks()),
        iterable: chunks(),
      }
      for (const [name, source] of Object.entries(sources)) {
        expect(await store.write(name, source), name).toMatchObject({ size: bytes.length })
        expect(await store.readText(name), name).toBe(text)
      }
      await expectCode(store.write('wrong', 42 as unknown as string), 'usage')
      expect(await store.exists('wrong')).toBe(false)
    },
  },
  {
    id: '6.shorter',
    title: 'a shorter content over a longer leaves no tail',
    async run({ store }) {
      await store.write('file', 'a much longer content')
      await store.write('file', 'short')
      expect(await store.readText('file')).toBe('short')
    },
  },
  {
    id: '7.read-during-overwrite',
    title: 'a read during overwrites sees one content, never a mix',
    async run({ store }) {
      const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(2_000_000))
      await store.write('file', contents[0] ?? '')
      let writing = true
      const writer = (async () => {
        for (let round = 0; round < 15; round += 1) await store.write('file', contents[round % 3] ?? '')
        writing = false
      })()
      while (writing) {
        const text = await store.readText('file')
        expect(text.length).toBe(2_000_000)
        expect(new Set(text).size).toBe(1)
        await new Promise(setImmediate)
      }
      await writer
    },
  },
  {
    id: '7.stream-during-overwrite',
    title: 'a stream whose object is replaced half-way gives the old content or fails with precondition-failed',
    async run({ store }) {
      await store.write('file', 'a'.repeat(3_000_000))
      const reader = (await store.stream('file')).getReader()
      const parts = [(await reader.read()).value ?? new Uint8Array()]
      await store.write('file', 'b'.repeat(3_000_000))
      try {
        for (let step = await reader.read(); !step.done; step = await reader.read()) parts.push(step.value)
        expect(Buffer.concat(parts).equals(Buffer.alloc(3_000_000, 'a'))).toBe(true)
      } catch (error) {
        if (!isStackError(error, 'precondition-failed')) throw error
      }
    },
  },
  {
    id: '8.failed-source',
    title: 'a source that fails in the middle leaves the target unchanged, and nothing to be seen',
    async run({ store }) {
      await store.write('dir/kept', 'old')
      for (const path of ['dir/kept', 'dir/new', 'other/new']) {
        const failure = new Error('the source broke')
        const write = store.write(path, failing(failure))
        await expect(write).rejects.toMatchObject({ code: 'unexpected', cause: failure })
      }
      expect(await store.readText('dir/kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['dir/kept'])
      expect(await store.glob('**/*new*')).toEqual([])
    },
  },
  {
    id: '8.aborted',
    title: 'an aborted write rejects with the reason and leaves the target unchanged, also where the source hangs',
    async run({ store }) {
      await store.write('kept', 'old')
      const reason = new Error('enough')
      for (const path of ['kept', 'new']) {
        const controller = new AbortController()
        const write = store.write(path, hanging(), { signal: controller.signal })
        setTimeout(() => controller.abort(reason), 20)
        await expect(write).rejects.toBe(reason)
      }
      await expect(store.write('kept', 'new', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      await expectCode(store.write('kept', hanging(), { timeoutMs: 20 }), 'timed-out', 'kept')
      expect(await store.readText('kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['kept'])
      expect(await store.listdir('')).toEqual(['kept'])
    },
  },
  {
    id: '8.aborted-reads',
    title: 'every verb rejects with the reason of a signal that is aborted',
    async run({ store }) {
      await store.write('dir/file', 'x')
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const operations: readonly Promise<unknown>[] = [
        store.read('dir/file', options),
        store.stream('dir/file', options),
        store.stat('dir/file', options),
        store.exists('dir/file', options),
        store.listdir('dir', options),
        collect(store.entries('dir', options)),
        collect(store.walk('', options)),
        store.glob('**', options),
        store.copyfile('dir/file', 'copy', options),
        store.rename('dir/file', 'moved', options),
        store.mkdir('made', options),
        store.remove('dir/file', options),
        store.rmtree('dir', options),
      ]
      for (const operation of operations) operation.catch(() => {})
      for (const operation of operations) await expect(operation).rejects.toBe(reason)
      expect(await allFiles(store)).toEqual(['dir/file'])
    },
  },
  {
    id: '10.racers',
    title: 'of 16 that create one object exactly one wins, and the others are already-exists',
    async run({ store }) {
      const contents = Array.from({ length: 16 }, (_, index) => `racer ${index}`)
      const results = await Promise.allSettled(contents.map((text) => store.write('race/it', text, { ifAbsent: true })))
      const winners = contents.filter((_, index) => results[index]?.status === 'fulfilled')
      expect(winners).toEqual([await store.readText('race/it')])
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-exists' })
      }
    },
  },
  {
    id: '10.no-clobber',
    title: 'copies and renames onto what exists are already-exists; of 16 racers exactly one wins',
    async run({ store }) {
      const names = Array.from({ length: 16 }, (_, index) => `source-${index}`)
      for (const verb of ['copyfile', 'rename'] as const) {
        await Promise.all(names.map((name) => store.write(`${verb}/${name}`, name)))
        const races = names.map((name) => store[verb](`${verb}/${name}`, `${verb}/target`))
        const results = await Promise.allSettled(races)
        const winners = names.filter((_, index) => results[index]?.status === 'fulfilled')
        expect(winners).toEqual([await store.readText(`${verb}/target`)])
        for (const result of results) {
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-exists' })
        }
        const loser = names.find((name) => name !== winners[0])
        await store[verb](`${verb}/${loser}`, `${verb}/target`, { overwrite: true })
        expect(await store.readText(`${verb}/target`)).toBe(loser)
      }
    },
  },
  {
    id: '11.if-match',
    title: 'a stale version, or one of an absent object, is precondition-failed and changes nothing',
    async run({ store }) {
      await store.write('file', 'one')
      const { version } = await store.stat('file')
      const written = await store.write('file', 'two', { ifMatch: version ?? '' })
      await expectCode(store.write('file', 'three', { ifMatch: version ?? '' }), 'precondition-failed', 'file')
      await expectCode(store.write('gone', 'x', { ifMatch: version ?? '' }), 'precondition-failed', 'gone')
      await expectCode(store.read('file', { ifMatch: version ?? '' }), 'precondition-failed')
      expect(await store.readText('file', { ifMatch: written.version ?? '' })).toBe('two')
      expect(await store.exists('gone')).toBe(false)
      await expectCode(store.write('file', 'x', { ifAbsent: true, ifMatch: 'v' }), 'usage')
    },
  },
  {
    id: '11.counter',
    title: 'within one process no update under ifMatch is lost',
    async run({ store }) {
      await store.write('counter', '0')
      const increment = async (): Promise<void> => {
        for (;;) {
          const { version } = await store.stat('counter')
          const count = Number(await store.readText('counter'))
          try {
            await store.write('counter', String(count + 1), { ifMatch: version ?? '' })
            return
          } catch (error) {
            if (!isStackError(error, 'precondition-failed')) throw error
          }
        }
      }
      await Promise.all(Array.from({ length: 9 }, increment))
      expect(await store.readText('counter')).toBe('9')
    },
  },
  {
    id: '23.metadata',
    title: 'content type and metadata are kept, also by a copy; a store that keeps none refuses metadata',
    async run({ store, capabilities }) {
      const options = { contentType: 'text/plain; charset=utf-8', metadata: { note: 'grün ✓' } }
      if (!capabilities.metadata) {
        await expectCode(store.write('file', 'x', options), 'unsupported', 'file')
        expect(await store.exists('file')).toBe(false)
        await store.write('file', 'x', { contentType: options.contentType })
        return
      }
      await store.write('file', 'x', options)
      await store.copyfile('file', 'copy')
      expect(await store.stat('file')).toMatchObject(options)
      expect(await store.stat('copy')).toMatchObject(options)
    },
  },
  {
    id: '33.sizes',
    title: 'sizes around a mebibyte keep their exact bytes, read whole and as a stream',
    async run({ store }) {
      for (const size of [1, 1023, 1_048_575, 1_048_576, 1_048_577, 2_500_001]) {
        const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255)
        await store.write('file', bytes)
        expect(Buffer.compare(await store.read('file'), bytes), String(size)).toBe(0)
        const streamed = Buffer.concat(await collect(await store.stream('file')))
        expect(Buffer.compare(streamed, bytes), String(size)).toBe(0)
        expect((await readStream(await store.stream('file', { range: { suffix: 1 } }))).length).toBe(1)
      }
    },
  },
]

async function* failing(failure: Error): AsyncGenerator<string> {
  yield 'x'.repeat(100_000)
  throw failure
}

async function* hanging(): AsyncGenerator<string> {
  yield 'x'.repeat(100_000)
  await new Promise(() => {})
}
