/** Row 25 on a directory of this machine: what a walk names, in which order, and that it stays inside. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WalkedDirectory } from '@stack/core'
import { expect, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'

async function collect(walk: AsyncIterable<WalkedDirectory>): Promise<WalkedDirectory[]> {
  const walked: WalkedDirectory[] = []
  for await (const directory of walk) walked.push(directory)
  return walked
}

test('names of each kind come in the order of their keys, also where JavaScript has another', async () => {
  const root = newDirectory()
  for (const name of ['a', 'a-', 'a.', 'a0', '\u{1f600}', '\uffee', 'é']) {
    mkdirSync(join(root, 'directories', name), { recursive: true })
    mkdirSync(join(root, 'files'), { recursive: true })
    writeFileSync(join(root, 'files', name), '')
  }
  const [, directories, ...rest] = await collect(localStore(root).walk(''))
  expect(directories?.directories).toEqual(['a-', 'a.', 'a', 'a0', 'é', '\uffee', '\u{1f600}'])
  expect(rest.map(({ path }) => path).slice(0, 3)).toEqual(['directories/a-', 'directories/a.', 'directories/a'])
  expect(rest.at(-1)).toEqual({
    path: 'files',
    directories: [],
    files: ['a', 'a-', 'a.', 'a0', 'é', '\uffee', '\u{1f600}'],
  })
})

test('links that stay inside are named by what they lead to, and unfinished writes and names that are no UTF-8 are not', async () => {
  const root = newDirectory()
  const store = localStore(root)
  await store.write('real/file', 'x')
  symlinkSync('real', join(root, 'link'))
  symlinkSync('real/file', join(root, 'alias'))
  symlinkSync('gone', join(root, 'broken'))
  // A file system of macOS takes no such name.
  if (process.platform === 'linux') writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), '')
  await store.write('replaced\ufffd', 'x')
  expect(await collect(store.walk(''))).toEqual([
    { path: '', directories: ['link', 'real'], files: ['alias', 'replaced\ufffd'] },
    { path: 'real', directories: [], files: ['file'] },
  ])
  expect((await collect(store.walk('', { topDown: false }))).map(({ path }) => path)).toEqual(['real', ''])
})

test('a directory that becomes a link out of the store during the walk is not read', async () => {
  const place = newDirectory()
  const [root, outside] = [join(place, 'store'), join(place, 'outside')]
  mkdirSync(join(outside, 'inner'), { recursive: true })
  writeFileSync(join(outside, 'inner/secret'), 'secret')
  for (const path of ['a/inner', 'b']) mkdirSync(join(root, path), { recursive: true })
  const errors: unknown[] = []
  const paths: string[] = []
  for await (const { path, files } of localStore(root).walk('', { onError: (error) => errors.push(error) })) {
    paths.push(path)
    expect(files).toEqual([])
    if (path !== 'a') continue
    renameSync(join(root, 'a'), join(place, 'moved'))
    symlinkSync(outside, join(root, 'a'))
  }
  expect(paths).toEqual(['', 'a', 'b'])
  expect(errors).toMatchObject([{ code: 'invalid-path', details: { operation: 'walk' } }])
})

test('what is added to a directory before the walk comes there is named', async () => {
  const store = localStore(newDirectory())
  for (const path of ['a/x', 'b/y']) await store.write(path, '')
  const walked: WalkedDirectory[] = []
  for await (const directory of store.walk('')) {
    if (directory.path === 'a') await store.write('b/late', '')
    walked.push(directory)
  }
  expect(walked.at(-1)).toEqual({ path: 'b', directories: [], files: ['late', 'y'] })
})

test('an abort between two directories ends a walk with its reason', async () => {
  const store = localStore(newDirectory())
  for (const path of ['a/x', 'b/y']) await store.write(path, '')
  const controller = new AbortController()
  const reason = new Error('enough')
  const paths: string[] = []
  const walk = async (): Promise<void> => {
    for await (const { path } of store.walk('', { signal: controller.signal })) {
      paths.push(path)
      if (path === 'a') controller.abort(reason)
    }
  }
  await expect(walk()).rejects.toBe(reason)
  expect(paths).toEqual(['', 'a'])
})
