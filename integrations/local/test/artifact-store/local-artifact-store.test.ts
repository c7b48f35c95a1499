/** What the local store takes as its path and its sources, beside the pinned behaviours. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { silentLog } from '@stack/core'
import { describe, expect, test } from 'vitest'
import { localArtifactStoreConfig } from '../../src/artifact-store/config.js'
import { LocalArtifactStore } from '../../src/artifact-store/local-artifact-store.js'
import { localStore, newDirectory } from './local-store.js'

describe('the path of the config', () => {
  test.each([
    '/data/store',
    'artifacts',
    './artifacts',
    '../sibling',
    'a b/ü',
    '/',
    '.',
    'file:///data/store',
    'a:b',
    '~/x',
  ])('may be %s', (path) => {
    expect(localArtifactStoreConfig.safeParse({ path })).toMatchObject({ success: true })
  })

  test.each([
    'http://x',
    's3://bucket',
    's3//b',
    's3:/b',
    '//host/share',
    'a//b',
    '',
    'file://host/x',
    'file:/x',
    'a\0b',
    'gs://b',
  ])('is refused where it is %j', (path) => {
    expect(localArtifactStoreConfig.safeParse({ path })).toMatchObject({ success: false })
  })

  test('is checked in linear time', () => {
    const started = performance.now()
    for (const path of [`${'a/'.repeat(50_000)}/`, ':'.repeat(100_000), `/${'a'.repeat(100_000)}\0`]) {
      expect(localArtifactStoreConfig.safeParse({ path }).success).toBe(false)
    }
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('is read from the project root, also where it is a file URL', async () => {
    const projectRoot = newDirectory()
    await localStore('artifacts', { projectRoot }).write('a', 'x')
    expect(readFileSync(join(projectRoot, 'artifacts/a'), 'utf8')).toBe('x')
    const url = pathToFileURL(join(projectRoot, 'with space')).href
    await localStore(url).write('a', 'y')
    expect(readFileSync(join(projectRoot, 'with space/a'), 'utf8')).toBe('y')
  })
})

test('a path of another kind is invalid-path at use, should it get past the schema', async () => {
  const context = { id: 'store', name: 'store', settings: {}, projectRoot: '/', log: silentLog }
  for (const path of ['http://x', 's3//b']) {
    const store = new LocalArtifactStore({ ...context, config: { path, durable: false } })
    await expect(store.read('a')).rejects.toMatchObject({ code: 'invalid-path' })
    await expect(store.write('a', 'x')).rejects.toMatchObject({ code: 'invalid-path' })
  }
})

describe('a root that is not there yet', () => {
  test('is an empty store that reading does not make', async () => {
    const root = join(newDirectory(), 'deep/store')
    const store = localStore(root)
    expect(await store.listdir('')).toEqual([])
    expect(await store.exists('a')).toBe(false)
    await expect(store.read('a')).rejects.toMatchObject({ code: 'not-found' })
    expect(existsSync(root)).toBe(false)
    await store.mkdir('made')
    expect(await store.listdir('')).toEqual(['made'])
  })

  test('is made by a durable write', async () => {
    const store = localStore(join(newDirectory(), 'deep/store'), { durable: true })
    await store.write('a/b', 'x')
    expect(await store.readText('a/b')).toBe('x')
  })
})

test('a root that is a file is not-a-directory', async () => {
  const file = join(newDirectory(), 'file')
  writeFileSync(file, 'x')
  await expect(localStore(file).write('a', 'x')).rejects.toMatchObject({ code: 'not-a-directory' })
})

describe('writing from a file', () => {
  test('copies it, also over what exists', async () => {
    const directory = newDirectory()
    const file = join(directory, 'source')
    writeFileSync(file, 'from a file')
    const store = localStore(join(directory, 'store'))
    expect(await store.write('a', { file })).toMatchObject({ size: 11 })
    await store.write('a', { file })
    expect(await store.readText('a')).toBe('from a file')
  })

  test('that is absent or a directory is told with its name', async () => {
    const directory = newDirectory()
    const store = localStore(join(directory, 'store'))
    const absent = join(directory, 'gone')
    await expect(store.write('a', { file: absent })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(absent),
    })
    await expect(store.write('a', { file: directory })).rejects.toMatchObject({ code: 'is-a-directory' })
    expect(await store.exists('a')).toBe(false)
  })
})

test('names kept for unfinished writes are refused, at any depth', async () => {
  const store = localStore(newDirectory())
  for (const path of ['.stack-tmp', '.stack-tmp/x', 'a/.stack-tmp/b']) {
    await expect(store.write(path, 'x')).rejects.toMatchObject({ code: 'invalid-path' })
  }
  await store.write('.stack-tmp-2', 'x')
  expect(await store.listdir('')).toEqual(['.stack-tmp-2'])
})
