/** Rows 13 to 17, 20 and 25: listings are complete, ordered and keep to their directory. */
import { compareKeys } from '@stack/core'
import { expect } from 'vitest'
import { collect, expectCode, type StoreCase } from '../store-case.js'

export const listingCases: readonly StoreCase[] = [
  {
    id: '13.siblings',
    title: 'listing and removing a directory never touches siblings with the same beginning',
    async run({ store }) {
      for (const path of ['dir/a', 'dir/b/c', 'dir-2/a', 'dir.txt', 'dira', 'di']) await store.write(path, 'x')
      expect(await store.listdir('dir')).toEqual(['a', 'b'])
      await store.rmtree('dir')
      expect(await store.listdir('')).toEqual(['di', 'dir-2', 'dir.txt', 'dira'])
      expect(await store.readText('dir-2/a')).toBe('x')
    },
  },
  {
    id: '14.file-and-directory',
    title: 'a name that is file and directory is listed as both, and each removed by its own verb; else it is one',
    async run({ store, capabilities }) {
      if (!capabilities.fileAndDirectory) {
        await store.write('d/x', 'x')
        await expectCode(store.write('d', 'x'), 'is-a-directory')
        return
      }
      for (const path of ['a', 'a/b', 'a/c/d']) await store.write(path, path)
      expect((await collect(store.entries(''))).map(({ name, kind }) => [name, kind])).toEqual([
        ['a', 'file'],
        ['a', 'directory'],
      ])
      expect(await store.listdir('')).toEqual(['a'])
      expect([await store.isfile('a'), await store.isdir('a')]).toEqual([true, true])
      await store.rmtree('a')
      expect(await store.readText('a')).toBe('a')
      await store.write('a/b', 'again')
      await store.remove('a')
      expect(await store.listdir('a')).toEqual(['b'])
    },
  },
  {
    id: '15.many',
    title: 'exactly 1000, and 2501 entries are listed completely, once each',
    async run({ store }) {
      for (const [directory, count] of [
        ['thousand', 1000],
        ['more', 2501],
      ] as const) {
        const names = Array.from({ length: count }, (_, index) => `n${String(index).padStart(5, '0')}`)
        for (let start = 0; start < count; start += 100) {
          await Promise.all(names.slice(start, start + 100).map((name) => store.write(`${directory}/${name}`, '')))
        }
        expect(await store.listdir(directory)).toEqual(names)
        expect((await collect(store.entries(directory))).map(({ name }) => name)).toEqual(names)
      }
      await store.rmtree('more')
      expect(await store.listdir('')).toEqual(['thousand'])
    },
  },
  {
    id: '15.delete-while-listing',
    title: 'deleting while listing ends, with every entry seen once',
    async run({ store }) {
      const names = Array.from({ length: 1200 }, (_, index) => `n${String(index).padStart(5, '0')}`)
      for (let start = 0; start < names.length; start += 100) {
        await Promise.all(names.slice(start, start + 100).map((name) => store.write(`dir/${name}`, '')))
      }
      const seen: string[] = []
      let removals: Promise<void>[] = []
      for await (const { name, path } of store.entries('dir')) {
        seen.push(name)
        removals.push(store.remove(path))
        if (removals.length < 50) continue
        await Promise.all(removals)
        removals = []
      }
      await Promise.all(removals)
      expect(seen).toEqual(names)
      expect(await store.glob('dir/*')).toEqual([])
    },
  },
  {
    id: '16.order',
    title: 'listings are in UTF-8 byte order, a directory counting as its name with a slash',
    async run({ store }) {
      const names = ['a-', 'a/x', 'a.', 'a0', 'B', 'z', 'é', '\uffee', '😀', 'A0', '_']
      for (const name of names) await store.write(`dir/${name}`, '')
      expect(await store.listdir('dir')).toEqual(['A0', 'B', '_', 'a-', 'a.', 'a', 'a0', 'z', 'é', '\uffee', '😀'])
      const paths = await store.glob('dir/*')
      expect(paths).toEqual([...paths].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))))
      expect(compareKeys('\uffee', '😀')).toBeLessThan(0)
    },
  },
  {
    id: '17.directories',
    title: 'directories are made, listed as such, and never come back as files without a name',
    async run({ store, capabilities }) {
      await store.makedirs('a/b')
      await store.makedirs('a/b')
      await store.write('a/b/c', 'x')
      await store.makedirs('a/b')
      await expectCode(store.mkdir('a/b'), 'already-exists', 'a/b')
      await expectCode(store.mkdir('a/b/c'), 'already-exists')
      await expectCode(store.makedirs('a/b/c'), 'already-exists')
      await expectCode(store.mkdir(''), 'already-exists')
      expect((await collect(store.entries('a'))).map(({ name, kind }) => [name, kind])).toEqual([['b', 'directory']])
      if (!capabilities.emptyDirectories) return
      await store.mkdir('empty')
      expect(await store.listdir('empty')).toEqual([])
      expect(await store.isdir('empty')).toBe(true)
    },
  },
  {
    id: '17.list-errors',
    title: 'listing and walking what is absent is not-found, of a file not-a-directory; the root always exists',
    async run({ store }) {
      const lists = (path: string) => [
        () => store.listdir(path),
        () => collect(store.entries(path)),
        () => collect(store.walk(path)),
      ]
      expect(await store.listdir('')).toEqual([])
      expect(await store.isdir('')).toBe(true)
      expect(await store.exists('')).toBe(true)
      await store.write('file', 'x')
      for (const list of lists('gone')) {
        await expectCode(list(), 'not-found', 'gone')
      }
      for (const list of lists('file')) {
        await expectCode(list(), 'not-a-directory', 'file')
      }
      await expectCode(store.stat('file/'), 'not-a-directory')
      expect([await store.exists('file/'), await store.isfile('file/')]).toEqual([false, false])
    },
  },
  {
    id: '20.case',
    title: 'names that differ in case are two objects, or the store says that it does not tell them apart',
    async run({ store, capabilities }) {
      await store.write('A', 'upper')
      await store.write('a', 'lower')
      expect(await store.readText('A')).toBe(capabilities.caseSensitive ? 'upper' : 'lower')
    },
  },
  {
    id: '25.walk',
    title: 'a walk goes top-down with pruning, or bottom-up, as os.walk',
    async run({ store }) {
      for (const path of ['r/1', 'r/a/2', 'r/a/x/3', 'r/b/4']) await store.write(path, '')
      expect(await collect(store.walk('r'))).toEqual([
        { path: 'r', directories: ['a', 'b'], files: ['1'] },
        { path: 'r/a', directories: ['x'], files: ['2'] },
        { path: 'r/a/x', directories: [], files: ['3'] },
        { path: 'r/b', directories: [], files: ['4'] },
      ])
      const upward = await collect(store.walk('r', { topDown: false }))
      expect(upward.map(({ path }) => path)).toEqual(['r/a/x', 'r/a', 'r/b', 'r'])
      const seen: string[] = []
      for await (const { path, directories } of store.walk('r')) {
        seen.push(path)
        directories.splice(0, directories.length, ...directories.filter((name) => name !== 'a'))
      }
      expect(seen).toEqual(['r', 'r/b'])
    },
  },
  {
    id: '25.walk-errors',
    title: 'a walk tells what it cannot list to the callback and goes on',
    async run({ store }) {
      for (const path of ['r/a/1', 'r/b/2']) await store.write(path, '')
      const errors: unknown[] = []
      const seen: string[] = []
      for await (const { path, directories } of store.walk('r', { onError: (error) => errors.push(error) })) {
        seen.push(path)
        if (path === 'r') await store.rmtree('r/a')
        expect(directories).toBeDefined()
      }
      expect(seen).toEqual(['r', 'r/b'])
      expect(errors).toMatchObject([{ code: 'not-found', details: { operation: 'walk' } }])
    },
  },
]
