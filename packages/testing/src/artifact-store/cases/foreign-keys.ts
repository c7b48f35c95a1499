/** Row 37: keys that other programs wrote and no path can name are in no listing; they are removed by the tree, and counted. */
import { expect } from 'vitest'
import { allFiles, collect, type StoreCase, type StoreCaseContext } from '../store-case.js'

export const foreignKeyCases: readonly StoreCase[] = [
  {
    id: '37.empty-segments',
    title: 'keys with empty segments are in no listing, walk or glob; rmtree removes them and verify counts them',
    needs: 'plant',
    run: (context) => expectHidden(context, ['//x', '//', '///', '//b/c']),
  },
  {
    id: '37.dot-segments',
    title: 'keys with the segments . and .. are hidden likewise, and lead nowhere',
    needs: 'plant',
    run: (context) => expectHidden(context, ['/../x', '/./x', '/..', '/.', '/../../../x', '/../']),
  },
  {
    id: '37.long-names',
    title: 'keys with names over 255 bytes are hidden likewise',
    needs: 'plant',
    run: (context) => expectHidden(context, [`/${'n'.repeat(256)}`, `/${'é'.repeat(128)}/x`, `/${'d'.repeat(300)}/`]),
  },
]

/** Plants what comes after a directory's key beside what is named, and looks at it with every verb. */
async function expectHidden({ store, driver, plant }: StoreCaseContext, tails: readonly string[]): Promise<void> {
  for (const key of ['x', 'kept/file', 'kept/b/file']) await store.write(key, 'kept')
  // In the root, in directories with named objects, and in one without any.
  for (const directory of ['kept', 'kept/b', 'only']) for (const tail of tails) await plant(directory + tail, 'planted')
  // No bucket has an object of the name "." or "..".
  const inRoot = tails.map((tail) => tail.slice(1)).filter((key) => key !== '.' && key !== '..')
  for (const key of inRoot) await plant(key, 'planted')
  const files = ['kept/b/file', 'kept/file', 'x']
  expect(await store.listdir('')).toEqual(['kept', 'only', 'x'])
  expect((await collect(store.entries(''))).map(({ name, kind }) => [name, kind])).toEqual([
    ['kept', 'directory'],
    ['only', 'directory'],
    ['x', 'file'],
  ])
  expect(await store.listdir('kept')).toEqual(['b', 'file'])
  expect(await allFiles(store)).toEqual(files)
  expect((await collect(store.walk('', { topDown: false }))).map(({ path }) => path)).toEqual([
    ...['kept/b', 'kept', 'only', ''],
  ])
  expect(await store.glob('**')).toEqual(['kept', 'kept/b', 'kept/b/file', 'kept/file', 'only', 'x'])
  expect(await store.glob('**/x')).toEqual(['x'])
  expect(await store.glob('*/*')).toEqual(['kept/b', 'kept/file'])
  // Whatever is below it, a directory that is listed is one.
  expect(await collect(store.walk('only'))).toEqual([{ path: 'only', directories: [], files: [] }])
  expect([await store.isdir('only'), await store.listdir('only'), await store.glob('only/*')]).toEqual([true, [], []])
  await expectCounted(store, tails.length * 3 + inRoot.length)

  await store.rename('kept', 'moved')
  expect(await store.exists('kept')).toBe(false)
  expect(await allFiles(store)).toEqual(['moved/b/file', 'moved/file', 'x'])
  await expectCounted(store, tails.length * 3 + inRoot.length)
  await store.rmtree('moved')
  await store.rmtree('only')
  expect([await store.listdir(''), await store.readText('x')]).toEqual([['x'], 'kept'])
  await expectCounted(store, inRoot.length)
  await store.rmtree('', { root: true })
  expect((await collect(driver.list('', {}))).flatMap(({ entries }) => entries)).toEqual([])
}

async function expectCounted(store: StoreCaseContext['store'], count: number): Promise<void> {
  const { checks } = await store.verify()
  expect(checks.filter(({ name }) => name === 'hidden-keys')).toMatchObject([
    {
      status: 'warning',
      message: expect.stringMatching(new RegExp(`^${count} keys? that no path`)),
      hint: expect.any(String),
    },
  ])
}
