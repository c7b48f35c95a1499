/** Row 19: symbolic links, inside the store and out of it. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'

/** A store with a link to a directory and one to a file outside, which hold a secret. */
async function storeWithExits() {
  const place = newDirectory()
  const root = join(place, 'store')
  const outside = join(place, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), 'secret')
  const store = localStore(root)
  await store.write('dir/file', 'x')
  symlinkSync(outside, join(root, 'dir/exit'))
  symlinkSync(join(outside, 'secret'), join(root, 'dir/leak'))
  symlinkSync('../outside', join(root, 'relative'))
  return { store, root, outside }
}

describe('a link that leaves the store', () => {
  test('is invalid-path for every verb that would follow it', async () => {
    const { store, outside } = await storeWithExits()
    const refused = { code: 'invalid-path' }
    for (const path of ['dir/leak', 'dir/exit/secret', 'relative/secret']) {
      await expect(store.read(path)).rejects.toMatchObject(refused)
      await expect(text(await store.stream(path))).rejects.toMatchObject(refused)
      await expect(store.stat(path)).rejects.toMatchObject(refused)
      await expect(store.exists(path)).rejects.toMatchObject(refused)
      await expect(store.write(path, 'evil')).rejects.toMatchObject(refused)
      await expect(store.copyfile(path, 'copy')).rejects.toMatchObject(refused)
      await expect(store.copyfile('dir/file', path, { overwrite: true })).rejects.toMatchObject(refused)
    }
    for (const path of ['dir/exit/new', 'relative/new', 'relative/a/b/new']) {
      await expect(store.write(path, 'evil')).rejects.toMatchObject(refused)
      await expect(store.write(path, 'evil', { ifAbsent: true })).rejects.toMatchObject(refused)
      await expect(store.mkdir(path)).rejects.toMatchObject(refused)
      await expect(store.rename('dir/file', path)).rejects.toMatchObject(refused)
    }
    await expect(store.listdir('relative')).rejects.toMatchObject(refused)
    await expect(store.glob('relative/*')).rejects.toMatchObject(refused)
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret')
    expect(existsSync(join(outside, 'new'))).toBe(false)
    expect(existsSync(join(outside, 'a'))).toBe(false)
  })

  test('is not listed', async () => {
    const { store } = await storeWithExits()
    expect(await store.listdir('')).toEqual(['dir'])
    expect(await store.glob('**')).toEqual(['dir', 'dir/file'])
    const walked = []
    for await (const directory of store.walk('')) walked.push(directory)
    expect(walked).toEqual([
      { path: '', directories: ['dir'], files: [] },
      { path: 'dir', directories: [], files: ['file'] },
    ])
  })

  test('is removed by rmtree as a link, and what it leads to stays', async () => {
    const { store, root, outside } = await storeWithExits()
    await store.rmtree('relative')
    expect(existsSync(join(root, 'relative'))).toBe(false)
    await store.rmtree('dir')
    await store.rmtree('', { root: true })
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret')
  })
})

describe('a link that stays inside', () => {
  test('is read through, listed, and replaced by a write', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('real/file', 'x')
    symlinkSync('real', join(root, 'link'))
    symlinkSync('real/file', join(root, 'alias'))
    expect(await store.readText('link/file')).toBe('x')
    expect(await store.readText('alias')).toBe('x')
    expect(await store.listdir('')).toEqual(['alias', 'link', 'real'])
    await store.write('alias', 'new')
    expect([await store.readText('alias'), await store.readText('real/file')]).toEqual(['new', 'x'])
    await store.rmtree('link')
    expect(await store.readText('real/file')).toBe('x')
  })

  test('that forms a circle ends no walk and no glob in an endless loop', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('a/b/file', 'x')
    symlinkSync('..', join(root, 'a/up'))
    symlinkSync('self', join(root, 'self'))
    expect(await store.glob('**/file')).toEqual(['a/b/file'])
    expect(await store.glob('a/up/*')).toEqual(['a/up/a'])
    await expect(store.read('self')).rejects.toMatchObject({ code: 'invalid-path' })
    const paths = []
    for await (const { path } of store.walk('')) paths.push(path)
    expect(paths).toEqual(['', 'a', 'a/b'])
  })
})

test('a root that is itself a link works', async () => {
  const place = newDirectory()
  mkdirSync(join(place, 'real'))
  symlinkSync('real', join(place, 'root'))
  const store = localStore(join(place, 'root'))
  await store.write('a/b', 'x')
  expect(await store.glob('**')).toEqual(['a', 'a/b'])
  await store.rmtree('', { root: true })
  expect(readlinkSync(join(place, 'root'))).toBe('real')
})
