/** Row 45: sources that are not what they say are written whole or refused, never as other bytes. */
import { execFileSync } from 'node:child_process'
import { existsSync, openAsBlob } from 'node:fs'
import { appendFile, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type ArtifactStore, isStackError, type WritableChunk, type WritableData } from '@stack/core'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'

export const lyingSourceCases: readonly StoreCase[] = [
  {
    id: '45.sizes',
    title: 'a file that says it is empty and is not is written whole',
    async run({ store }) {
      await withScratchDirectory(async (directory) => {
        const empty = join(directory, 'empty')
        await writeFile(empty, '')
        // Those of Linux, which have no size and always the same bytes.
        for (const file of ['/proc/version', '/proc/filesystems', empty].filter((path) => existsSync(path))) {
          const bytes = await readFile(file)
          expect(await store.upload(file, 'object'), file).toMatchObject({ size: bytes.length })
          expect(sameBytes(await store.read('object'), bytes), file).toBe(true)
        }
      })
    },
  },
  {
    id: '45.no-files',
    title: 'pipes, devices and directories are refused, and nothing waits for them',
    async run({ store }) {
      await store.write('kept', 'old')
      await withScratchDirectory(async (directory) => {
        const pipe = join(directory, 'pipe')
        execFileSync('mkfifo', [pipe])
        await mkdir(join(directory, 'dir'))
        for (const file of [pipe, '/dev/zero', '/dev/null']) await expectCode(store.upload(file, 'kept'), 'usage')
        await expectCode(store.upload(join(directory, 'dir'), 'kept'), 'is-a-directory')
        await expectCode(store.upload(join(directory, 'absent'), 'kept'), 'not-found')
        await expectCode(store.download('kept', pipe), 'usage')
        expect((await lstat(pipe)).isFIFO()).toBe(true)
      })
      expect(await store.readText('kept')).toBe('old')
    },
  },
  {
    id: '45.read-streams',
    title: 'a stream that was read, locked, destroyed or cancelled before is usage',
    async run({ store }) {
      await store.write('kept', 'old')
      for (const [name, make] of Object.entries(usedStreams)) {
        const stream = await make()
        await expectUsage(store, stream, name)
      }
      expect(await store.readText('kept')).toBe('old')
    },
  },
  {
    id: '45.broken-streams',
    title: 'a stream that is destroyed or errors while it is read leaves the target',
    async run({ store }) {
      await store.write('kept', 'old')
      const destroyed = new Readable({ read() {} })
      destroyed.push('a part')
      setTimeout(() => destroyed.destroy(), 5)
      await expect(store.write('kept', destroyed)).rejects.toMatchObject({ code: 'unexpected' })
      const failure = new Error('the source broke')
      const errored = new ReadableStream<string>({
        pull(controller) {
          controller.enqueue('a part')
          controller.error(failure)
        },
      })
      await expect(store.write('kept', errored)).rejects.toMatchObject({ cause: failure })
      expect(await store.readText('kept')).toBe('old')
      expect(await allFiles(store)).toEqual(['kept'])
    },
  },
  {
    id: '45.no-bytes',
    title: 'memory that was transferred, half a surrogate pair, and chunks that are no bytes are usage',
    async run({ store }) {
      await store.write('kept', 'old')
      const buffer = new ArrayBuffer(8)
      const bytes = new Uint8Array(buffer)
      structuredClone(buffer, { transfer: [buffer] })
      const wrong: readonly unknown[] = [bytes, '\ud83d', 'a\udc00b', 42, null, undefined, [1], { a: 1 }, 5n, true]
      for (const [index, value] of wrong.entries()) {
        await expectUsage(store, chunksOf('good', value), `a chunk: ${index}`)
        await expectUsage(store, value as WritableData, `all: ${index}`)
      }
      await expectUsage(store, buffer, 'a buffer')
      await expectUsage(store, chunksOf('\ud83d', new Uint8Array(1)), 'half a pair before bytes')
      expect(await store.readText('kept')).toBe('old')
    },
  },
  {
    id: '45.cut-pairs',
    title: 'a surrogate pair that is cut between two chunks is written as the character it is',
    async run({ store }) {
      await store.write('object', chunksOf('a\ud83d', '\ude00b', '', '\ud83d', '\ude00'))
      expect(await store.readText('object')).toBe('a\u{1f600}b\u{1f600}')
    },
  },
  {
    id: '45.growing-file',
    title: 'a file that grows, or is replaced, while it is written from is one content or precondition-failed',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        for (const size of [1000, partSize * 3]) {
          const [before, after] = [sampleBytes(size, 1), sampleBytes(size, 2)]
          const changes = {
            grown: async () => appendFile(file, after),
            async replaced() {
              await writeFile(`${file}.new`, after)
              await rename(`${file}.new`, file)
            },
          }
          const contents = [before, after, Buffer.concat([before, after])]
          for (const [name, change] of Object.entries(changes)) {
            for (const moment of [0, 1, 2, 5]) {
              await writeFile(file, before)
              const writing = store
                .upload(file, 'object', { partSize, concurrency: 1 })
                .catch((error: unknown) => error)
              if (moment > 0) await new Promise((resolve) => setTimeout(resolve, moment))
              await change()
              const outcome = await writing
              if (isStackError(outcome)) {
                expect(outcome.code, outcome.message).toBe('precondition-failed')
                continue
              }
              const found = await store.read('object')
              const known = contents.some((content) => sameBytes(found, content))
              expect(known, `${name} after ${moment} ms: ${found.length} bytes`).toBe(true)
            }
          }
        }
        await expectNoUploads(driver)
      })
    },
  },
  {
    id: '45.changed-blob',
    title: 'a Blob of a file that has changed is precondition-failed',
    async run({ store }) {
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        await writeFile(file, 'before')
        const blob = await openAsBlob(file)
        await store.write('object', blob)
        await writeFile(file, 'it was changed')
        await expectCode(store.write('object', blob), 'precondition-failed', 'object')
      })
      expect(await store.readText('object')).toBe('before')
    },
  },
]

const usedStreams: Readonly<Record<string, () => Promise<WritableData>>> = {
  async 'a Node stream at its end'() {
    const stream = Readable.from(['a', 'b'])
    for await (const _ of stream);
    return stream
  },
  async 'a Node stream that was read in part'() {
    const stream = new Readable({ read() {} })
    stream.push('abc')
    stream.push(null)
    stream.read(1)
    return stream
  },
  async 'a Node stream that was destroyed'() {
    return Readable.from(['a']).destroy()
  },
  async 'a Node stream that failed'() {
    const stream = new Readable({ read() {} })
    stream.on('error', () => {})
    return stream.destroy(new Error('it broke before'))
  },
  async 'a web stream that another reads'() {
    const stream = new Blob(['abc']).stream()
    stream.getReader()
    return stream
  },
  async 'a web stream that was read in part'() {
    const stream = new Blob(['abc']).stream()
    const reader = stream.getReader()
    await reader.read()
    reader.releaseLock()
    return stream
  },
  async 'a web stream that was cancelled'() {
    const stream = new Blob(['abc']).stream()
    await stream.cancel()
    return stream
  },
}

async function expectUsage(store: ArtifactStore, data: WritableData, name: string): Promise<void> {
  const error = await store.write('kept', data).then(
    () => 'it was written',
    (thrown: unknown) => thrown,
  )
  expect(error, name).toMatchObject({ code: 'usage' })
}

async function* chunksOf(...chunks: readonly unknown[]): AsyncGenerator<WritableChunk> {
  for (const chunk of chunks) yield chunk as WritableChunk
}
