/** Rows 1, 2, 5, 9, 30 and 32: reading what is there, what is not, and parts of it. */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { withScratchDirectory } from '../scratch-directory.js'
import { expectCode, firstRead, readStream, type StoreCase } from '../store-case.js'

export const readingCases: readonly StoreCase[] = [
  {
    id: '1.absent',
    title: 'an absent file is not-found with its URI for read, stream, stat and size, and does not exist',
    async run({ store }) {
      for (const path of ['gone', 'no/such/file']) {
        await expectCode(store.read(path), 'not-found', path)
        await expectCode(store.readText(path), 'not-found', path)
        await expectCode(firstRead(store.stream(path)), 'not-found', path)
        await expectCode(store.stat(path), 'not-found', path)
        await expectCode(store.size(path), 'not-found', path)
        expect(await Promise.all([store.exists(path), store.isfile(path), store.isdir(path)])).toEqual([
          false,
          false,
          false,
        ])
      }
    },
  },
  {
    id: '2.read-directory',
    title: 'reading a directory is is-a-directory',
    async run({ store }) {
      await store.write('dir/file', 'x')
      await expectCode(store.read('dir'), 'is-a-directory', 'dir')
      await expectCode(firstRead(store.stream('dir')), 'is-a-directory')
      await expectCode(store.size('dir'), 'is-a-directory')
      await expectCode(store.read(''), 'is-a-directory')
      expect(await store.stat('dir')).toMatchObject({ kind: 'directory', name: 'dir', path: 'dir', size: 0 })
    },
  },
  {
    id: '5.empty-file',
    title: 'an empty file has size 0 and reads as 0 bytes',
    async run({ store }) {
      await store.write('empty', '')
      expect(await store.size('empty')).toBe(0)
      expect(await store.read('empty')).toHaveLength(0)
      expect(await store.read('empty', { range: { start: 0 } })).toHaveLength(0)
      expect(await readStream(await store.stream('empty'))).toBe('')
    },
  },
  {
    id: '9.ranges',
    title: 'ranges are end-exclusive, clamped at the end, and may count from it',
    async run({ store }) {
      await store.write('digits', '0123456789')
      const text = (range: { start: number; end?: number } | { suffix: number }) => store.readText('digits', { range })
      expect(await text({ start: 2, end: 5 })).toBe('234')
      expect(await text({ start: 7 })).toBe('789')
      expect(await text({ start: 8, end: 99 })).toBe('89')
      expect(await text({ suffix: 3 })).toBe('789')
      expect(await text({ suffix: 99 })).toBe('0123456789')
      expect(await text({ suffix: 0 })).toBe('')
      expect(await text({ start: 4, end: 4 })).toBe('')
      expect(await text({ start: 10, end: 10 })).toBe('')
      expect(await readStream(await store.stream('digits', { range: { start: 1, end: 3 } }))).toBe('12')
      expect(await readStream(await store.stream('digits', { range: { suffix: 0 } }))).toBe('')
    },
  },
  {
    id: '9.unsatisfiable',
    title: 'a range beyond the end, negative or reversed is range-not-satisfiable; of an absent file it is not-found',
    async run({ store }) {
      await store.write('digits', '0123456789')
      const refused = [
        { start: 10 },
        { start: 11, end: 11 },
        { start: 12, end: 20 },
        { start: -1 },
        { start: 5, end: 4 },
      ]
      for (const range of [...refused, { start: 0, end: -1 }, { start: 0.5 }, { suffix: -1 }]) {
        await expectCode(store.read('digits', { range }), 'range-not-satisfiable', 'digits')
      }
      await expectCode(store.read('gone', { range: { start: 0, end: 0 } }), 'not-found')
    },
  },
  {
    id: '30.checksum',
    title: 'a checksum that the caller passes is verified, and a wrong one is checksum-mismatch',
    async run({ store }) {
      await store.write('file', 'content')
      const checksum = `sha256:${createHash('sha256').update('content').digest('hex')}`
      expect(await store.readText('file', { checksum })).toBe('content')
      await store.write('file', 'c0ntent')
      await expectCode(store.read('file', { checksum }), 'checksum-mismatch', 'file')
      await expectCode(store.read('file', { checksum: 'md5:0' }), 'usage')
    },
  },
  {
    id: '30.checksum-downloads',
    title: 'downloads and reads into memory verify the caller’s checksum; a wrong one leaves the file as it was',
    async run({ store }) {
      await store.write('object', 'content')
      const right = `sha256:${createHash('sha256').update('content').digest('hex')}`
      const wrong = `sha256:${createHash('sha256').update('c0ntent').digest('hex')}`
      await withScratchDirectory(async (directory) => {
        const file = join(directory, 'file')
        await writeFile(file, 'before')
        await expectCode(store.download('object', file, { checksum: wrong }), 'checksum-mismatch', 'object')
        expect([await readFile(file, 'utf8'), await readdir(directory)]).toEqual(['before', ['file']])
        await store.download('object', file, { checksum: right })
        expect(await readFile(file, 'utf8')).toBe('content')
      })
      const memory = new Uint8Array(7)
      await expectCode(store.readInto('object', memory, { checksum: wrong }), 'checksum-mismatch', 'object')
      expect(await store.readInto('object', memory, { checksum: right })).toBe(7)
    },
  },
]
