/** Row 38: an object that marks a directory, as consoles make it, is an empty directory to every verb. */
import { expect } from 'vitest'
import { allFiles, collect, expectCode, type StoreCase, type StoreCaseContext } from '../store-case.js'

export const markerCases: readonly StoreCase[] = [
  {
    id: '38.marker',
    title: 'an object that marks a directory is an empty directory to every verb; rmtree and rename take it along',
    needs: 'plant',
    run: (context) => expectDirectory(context, ''),
  },
  {
    id: '38.marker-with-bytes',
    title: 'a marker that holds bytes is a directory too',
    needs: 'plant',
    run: (context) => expectDirectory(context, 'bytes'),
  },
  {
    id: '38.nested-markers',
    title: 'markers in marked directories are directories too, and go with them',
    needs: 'plant',
    async run({ store, driver, plant, capabilities }) {
      await store.write('kept', 'kept')
      for (const key of ['a/', 'a/b/', 'a/b/c/', 'a/d/']) await plant(key, '')
      await store.write('a/b/file', 'x')
      expect((await collect(store.walk('a'))).map(({ path }) => path)).toEqual(['a', 'a/b', 'a/b/c', 'a/d'])
      await store.rename('a', 'moved/a')
      expect((await collect(store.walk(''))).map(({ path }) => path)).toEqual([
        ...['', 'moved', 'moved/a', 'moved/a/b', 'moved/a/b/c', 'moved/a/d'],
      ])
      await store.remove('moved/a/b/file')
      expect(await store.listdir('moved/a/b')).toEqual(['c'])
      await store.rmtree('moved/a')
      // Where directories exist by themselves that above it does not go with it.
      expect(await store.listdir('')).toEqual(capabilities.emptyDirectories ? ['kept', 'moved'] : ['kept'])
      await store.rmtree('', { root: true })
      expect((await collect(driver.list('', {}))).flatMap(({ entries }) => entries)).toEqual([])
    },
  },
  {
    id: '38.root-marker',
    title: 'a marker of the root is no name in it, and goes when the root is emptied',
    needs: 'plant',
    async run({ storeAt, plant }) {
      const { store, driver } = await storeAt('marked/root')
      await plant('', '', store)
      expect([await store.listdir(''), await store.glob('**'), await allFiles(store)]).toEqual([[], [], []])
      expect(await collect(store.walk(''))).toEqual([{ path: '', directories: [], files: [] }])
      await store.write('file', 'x')
      expect(await store.listdir(store.uri(''))).toEqual(['file'])
      await store.rmtree('', { root: true })
      expect((await collect(driver.list('', {}))).flatMap(({ entries }) => entries)).toEqual([])
      expect([await store.isdir(''), await store.listdir('')]).toEqual([true, []])
      const { checks } = await store.verify()
      expect(checks.map(({ name }) => name)).not.toContain('hidden-keys')
    },
  },
]

async function expectDirectory({ store, driver, plant }: StoreCaseContext, content: string): Promise<void> {
  await store.write('kept', 'kept')
  await plant('folder/', content)
  await plant('in/folder/', content)
  for (const [parent, path] of [
    ['', 'folder'],
    ['in', 'in/folder'],
  ] as const) {
    expect(await store.listdir(parent)).toContain('folder')
    expect([await store.isdir(path), await store.isfile(path), await store.exists(path)]).toEqual([true, false, true])
    expect(await store.exists(`${path}/`)).toBe(true)
    expect(await store.stat(path)).toMatchObject({ name: 'folder', path, kind: 'directory', size: 0 })
    expect(await store.listdir(path)).toEqual([])
    expect(await collect(store.entries(path))).toEqual([])
    expect(await collect(store.walk(path))).toEqual([{ path, directories: [], files: [] }])
    expect(await store.glob(`${path}/**`)).toEqual([path])
    expect(await store.glob(`${path}/*`)).toEqual([])
    await expectCode(store.read(path), 'is-a-directory')
    await expectCode(store.size(path), 'is-a-directory')
    await expectCode(store.remove(path), 'is-a-directory')
    await expectCode(store.copyfile(path, 'copy'), 'is-a-directory')
    await expectCode(store.mkdir(path), 'already-exists')
    await store.makedirs(path)
  }
  expect(await allFiles(store)).toEqual(['kept'])
  expect(await store.glob('**')).toEqual(['folder', 'in', 'in/folder', 'kept'])
  await expectCode(store.rename('in/folder', 'folder'), 'already-exists')
  await store.rename('in/folder', 'moved')
  expect([await store.exists('in/folder'), await store.isdir('moved'), await store.listdir('moved')]).toEqual([
    false,
    true,
    [],
  ])
  // An empty directory may be replaced.
  await store.rename('moved', 'folder', { overwrite: true })
  expect([await store.exists('moved'), await store.isdir('folder')]).toEqual([false, true])
  await store.write('folder/file', 'x')
  await store.rename('folder', 'moved')
  expect(await store.exists('folder')).toBe(false)
  await store.remove('moved/file')
  expect(await store.listdir('moved')).toEqual([])
  await store.rmtree('moved')
  expect(await store.exists('moved')).toBe(false)
  const left = (await collect(driver.list('', {}))).flatMap(({ entries }) => entries)
  expect(left.filter(({ key }) => key !== 'kept' && key !== 'in')).toEqual([])
}
