/** Row 33: files, memory and writers as the other end of a transfer. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { expectNoUploads, smallestPartSize } from '../parts.js'
import { sameBytes, sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, expectCode, firstRead, readStream, type StoreCase } from '../store-case.js'

export const transferCases: readonly StoreCase[] = [
  {
    id: '33.downloads',
    title: 'sizes of 0, 1 and around one and two parts arrive in memory and in files as they are',
    timeoutMs: 60_000,
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        for (const size of [0, 1, partSize - 1, partSize, partSize + 1, partSize * 2]) {
          const bytes = sampleBytes(size, size)
          const { version } = await store.write('object', bytes, { partSize })
          const options = { partSize, concurrency: 3 }
          const memory = new Uint8Array(size + 10).fill(7)
          expect(await store.readInto('object', memory, options), String(size)).toBe(size)
          expect(sameBytes(memory.subarray(0, size), bytes), String(size)).toBe(true)
          expect(memory.subarray(size)).toEqual(new Uint8Array(10).fill(7))
          expect(await store.download('object', file, options)).toEqual({
            size,
            ...(version !== undefined && { version }),
          })
          expect(sameBytes(await readFile(file), bytes), String(size)).toBe(true)
        }
        expect(await readdir(directory)).toEqual(['file'])
      })
    },
  },
  {
    id: '33.read-into',
    title: 'memory that is too small is usage; a range fills as much as it has',
    async run({ store }) {
      await store.write('digits', '0123456789')
      await expectCode(store.readInto('digits', new Uint8Array(9)), 'usage', 'digits')
      await expectCode(store.readInto('gone', new Uint8Array(9)), 'not-found', 'gone')
      const memory = new Uint8Array(9)
      expect(await store.readInto('digits', memory, { range: { start: 2, end: 5 } })).toBe(3)
      expect(Buffer.from(memory.subarray(0, 3)).toString()).toBe('234')
      expect(await store.readInto('digits', memory, { range: { suffix: 0 } })).toBe(0)
    },
  },
  {
    id: '33.files',
    title: 'a file is replaced when all has arrived, and stays as it was where anything fails',
    async run({ store }) {
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        await writeFile(file, 'before')
        await mkdir(join(directory, 'full'))
        await store.write('object', 'content')
        await expectCode(store.download('gone', file), 'not-found', 'gone')
        await expectCode(store.download('object', file, { range: { start: 99 } }), 'range-not-satisfiable', 'object')
        await expectCode(store.download('object', file, { ifMatch: 'another' }), 'precondition-failed', 'object')
        await expectCode(store.download('object', join(directory, 'full')), 'is-a-directory')
        await expectCode(store.download('object', join(directory, 'no/such/file')), 'not-found')
        expect(await readFile(file, 'utf8')).toBe('before')
        expect((await readdir(directory)).sort()).toEqual(['file', 'full'])
        await store.download('object', file, { range: { start: 3 } })
        expect(await readFile(file, 'utf8')).toBe('tent')

        await writeFile(file, 'up')
        expect(await store.upload(file, 'a/b')).toMatchObject({ size: 2 })
        expect(await store.readText('a/b')).toBe('up')
        await expectCode(store.upload(file, 'a/b', { ifAbsent: true }), 'already-exists', 'a/b')
        await expectCode(store.upload(join(directory, 'gone'), 'a/c'), 'not-found')
        await expectCode(store.upload(directory, 'a/c'), 'is-a-directory')
        expect(await allFiles(store)).toEqual(['a/b', 'object'])
        expect((await stat(file)).size).toBe(2)
      })
    },
  },
  {
    id: '33.writer',
    title: 'what is written chunk by chunk appears when the writer is closed, and never where it is aborted',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      const bytes = sampleBytes(partSize * 2 + 1)
      const writer = await store.writer('dir/new', { partSize })
      for (let start = 0; start < bytes.length; start += 100_000) {
        const chunk = bytes.slice(start, start + 100_000)
        await writer.write(chunk)
        // The memory of a chunk that was taken is the caller's again.
        chunk.fill(0)
      }
      expect(await store.exists('dir/new')).toBe(false)
      expect(await writer.close()).toMatchObject({ size: bytes.length })
      expect(sameBytes(await store.read('dir/new'), bytes)).toBe(true)
      await expectCode(writer.write('x'), 'usage')

      for (const size of [10, partSize * 2]) {
        const aborted = await store.writer('dir/new', { partSize })
        await aborted.write(sampleBytes(size, 9))
        await aborted.abort()
      }
      expect(sameBytes(await store.read('dir/new'), bytes)).toBe(true)
      await expectNoUploads(driver)
    },
  },
  {
    id: '33.writer-abort',
    title: 'a writer whose signal is aborted rejects with the reason and leaves the target',
    async run({ store, driver }) {
      const partSize = await smallestPartSize(driver)
      await store.write('kept', 'old')
      for (const size of [10, partSize * 2]) {
        const controller = new AbortController()
        const reason = new Error('enough')
        const writer = await store.writer('kept', { partSize, signal: controller.signal })
        await writer.write(sampleBytes(size))
        controller.abort(reason)
        await expect(writer.write('more')).rejects.toBe(reason)
        await expect(writer.close()).rejects.toBe(reason)
      }
      expect(await store.readText('kept')).toBe('old')
      await expectNoUploads(driver)
    },
  },
  {
    id: '33.open',
    title: 'modes r, w, x and a read, replace, create and append; any other is usage',
    async run({ store }) {
      const put = async (mode: 'w' | 'x' | 'a', text: string): Promise<void> => {
        const writer = await store.open('file', mode)
        await writer.write(text)
        await writer.close()
      }
      await expectCode(firstRead(store.open('file', 'r')), 'not-found', 'file')
      await put('a', 'one')
      await put('a', ' two')
      expect(await readStream(await store.open('file'))).toBe('one two')
      await put('w', 'new')
      expect(await readStream(await store.open('file', 'r'))).toBe('new')
      await expectCode(put('x', 'other'), 'already-exists', 'file')
      await store.remove('file')
      await put('x', 'created')
      expect(await store.readText('file')).toBe('created')
      await expect(store.open('file', 'rw' as 'r')).rejects.toMatchObject({ code: 'usage' })
    },
  },
]
