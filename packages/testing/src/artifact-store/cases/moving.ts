/** Rows 1, 18, 21 and 22: copying, renaming and removing. */
import { expect } from 'vitest'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'

export const movingCases: readonly StoreCase[] = [
  {
    id: '1.absent-source',
    title: 'copying, renaming or removing what is absent is not-found; missingOk accepts it',
    async run({ store }) {
      await expectCode(store.copyfile('gone', 'to'), 'not-found', 'gone')
      await expectCode(store.copyfile('gone', 'gone'), 'not-found')
      await expectCode(store.rename('gone', 'to'), 'not-found', 'gone')
      await expectCode(store.rename('gone', 'gone'), 'not-found')
      await expectCode(store.remove('gone'), 'not-found', 'gone')
      await expectCode(store.rmtree('gone'), 'not-found', 'gone')
      await store.remove('gone', { missingOk: true })
      expect(await store.listdir('')).toEqual([])
    },
  },
  {
    id: '1.remove',
    title: 'remove takes a file and no directory, rmtree a directory and no file',
    async run({ store }) {
      await store.write('dir/file', 'x')
      await expectCode(store.remove('dir'), 'is-a-directory', 'dir')
      await expectCode(store.remove('dir', { missingOk: true }), 'is-a-directory')
      await expectCode(store.rmtree('dir/file'), 'not-a-directory', 'dir/file')
      expect(await store.readText('dir/file')).toBe('x')
      await store.remove('dir/file')
      expect(await store.exists('dir/file')).toBe(false)
    },
  },
  {
    id: '18.root',
    title: 'the root is removed only with { root: true }, and then only emptied',
    async run({ store }) {
      await store.write('a/b', 'x')
      for (const root of ['', '.', 'a/..', store.uri('')]) await expectCode(store.rmtree(root), 'invalid-path')
      expect(await store.readText('a/b')).toBe('x')
      await store.rmtree('', { root: true })
      expect(await store.listdir('')).toEqual([])
      await store.write('a/b', 'again')
      expect(await store.readText('a/b')).toBe('again')
      await expectCode(store.rename('', 'x'), 'invalid-path')
    },
  },
  {
    id: '21.onto-itself',
    title: 'a copy or rename onto itself keeps the bytes',
    async run({ store }) {
      await store.write('dir/file', 'x')
      for (const options of [{}, { overwrite: true }]) {
        await store.copyfile('dir/file', 'dir/./file', options)
        await store.rename('dir/file', 'dir/file', options)
        await store.rename('dir', 'dir/', options)
      }
      expect(await store.readText('dir/file')).toBe('x')
    },
  },
  {
    id: '22.into-itself',
    title: 'a copy or rename into its own subtree is invalid-path and changes nothing',
    async run({ store }) {
      await store.write('a/b', 'x')
      await expectCode(store.rename('a', 'a/c'), 'invalid-path')
      await expectCode(store.rename('a', 'a/b/c', { overwrite: true }), 'invalid-path')
      await expectCode(store.copyfile('a/b', 'a/b/c'), 'invalid-path')
      expect(await allFiles(store)).toEqual(['a/b'])
    },
  },
  {
    id: '22.copy',
    title: 'a copy makes parents, keeps its source, and takes no directory',
    async run({ store }) {
      await store.write('from', 'x')
      await store.copyfile('from', 'deep/er/to')
      expect([await store.readText('from'), await store.readText('deep/er/to')]).toEqual(['x', 'x'])
      await expectCode(store.copyfile('deep', 'to'), 'is-a-directory', 'deep')
      await expectCode(store.copyfile('from', 'x/'), 'invalid-path')
    },
  },
  {
    id: '22.rename',
    title: 'files and directories are renamed, parents made; what is in the way is told',
    async run({ store }) {
      for (const path of ['file', 'dir/a', 'dir/b/c', 'full/x']) await store.write(path, path)
      await store.rename('file', 'moved/file')
      await store.rename('dir', 'moved/dir')
      expect(await allFiles(store)).toEqual(['full/x', 'moved/dir/a', 'moved/dir/b/c', 'moved/file'])
      expect(await store.exists('dir')).toBe(false)
      expect(await store.readText('moved/dir/b/c')).toBe('dir/b/c')
      await expectCode(store.rename('moved/dir', 'full'), 'already-exists')
      await expectCode(store.rename('moved/dir', 'full', { overwrite: true }), 'directory-not-empty')
    },
  },
]
