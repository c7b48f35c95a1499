/** Walks over drivers that list only, and over those that give names. */
import { describe, expect, test } from 'vitest'
import type { StoreTree } from '../../src/artifact-store/store-tree.js'
import { type WalkOrder, walkDirectory } from '../../src/artifact-store/walk-directory.js'
import type { ArtifactStoreDriver, Stat } from '../../src/index.js'

/** A tree by directory: names, those of directories ending with a slash, those of links with an at sign before it. */
const tree: Readonly<Record<string, readonly string[]>> = {
  '': ['1', 'a/', 'b@/', 'c/'],
  a: ['x/', 'y/'],
  'a/x': ['2'],
  'a/y': [],
  'b@': ['never'],
  c: ['3', 'z/'],
  'c/z': ['4'],
}

type Walked = Pick<ArtifactStoreDriver, 'capabilities' | 'head' | 'list' | 'names'>

const lists: Walked = {
  capabilities: { emptyDirectories: true } as ArtifactStoreDriver['capabilities'],
  head: async (key) => ({ key, kind: 'directory', size: 0 }),
  async *list(prefix) {
    // By the page of one.
    for (const name of tree[prefix] ?? []) {
      const kind: Stat['kind'] = name.endsWith('/') ? 'directory' : 'file'
      const entry = { key: `${prefix}${prefix && '/'}${name.replace('/', '')}`, kind, size: 0 }
      yield { entries: [name.includes('@') ? { ...entry, link: true } : entry] }
    }
  },
}

const names: Walked = {
  ...lists,
  list: () => {
    throw new Error('names were enough')
  },
  names: async (key) => {
    const all = tree[key] ?? []
    const directories = all.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1))
    return {
      directories,
      files: all.filter((name) => !name.endsWith('/')),
      links: new Set(directories.filter((name) => name.includes('@'))),
    }
  },
}

function treeOf(driver: Walked): StoreTree {
  return { driver: driver as ArtifactStoreDriver, root: { scheme: 'memory', authority: 'bucket', segments: [] } }
}

async function pathsOf(driver: Walked, options: WalkOrder, onDirectory?: (directories: string[]) => void) {
  const paths: string[] = []
  for await (const { path, directories } of walkDirectory(treeOf(driver), '', options)) {
    paths.push(path)
    onDirectory?.(directories)
  }
  return paths
}

describe.each([
  ['lists', lists],
  ['gives names', names],
])('a walk over a driver that %s', (_, driver) => {
  test('goes top-down, in order, and names links without descending into them', async () => {
    expect(await pathsOf(driver, {})).toEqual(['', 'a', 'a/x', 'a/y', 'c', 'c/z'])
    for await (const root of walkDirectory(treeOf(driver), '', {})) {
      expect(root).toEqual({ path: '', directories: ['a', 'b@', 'c'], files: ['1'] })
      break
    }
  })

  test('goes bottom-up, each directory after those in it', async () => {
    expect(await pathsOf(driver, { topDown: false })).toEqual(['a/x', 'a/y', 'a', 'c/z', 'c', ''])
  })

  test('descends into what is left of the directories, in the order that they were brought into', async () => {
    const prune = (directories: string[]) => {
      if (directories.length === 3) directories.splice(0, 3, 'c', 'a')
      if (directories[0] === 'x') directories.shift()
    }
    expect(await pathsOf(driver, {}, prune)).toEqual(['', 'c', 'c/z', 'a', 'a/y'])
  })

  test('asks what an empty directory is, and tells what cannot be listed', async () => {
    const errors: unknown[] = []
    const absent: Walked = { ...driver, head: async () => null }
    expect(await pathsOf(absent, { onError: (error) => errors.push(error) })).toEqual(['', 'a', 'a/x', 'c', 'c/z'])
    expect(errors).toMatchObject([{ code: 'not-found' }])
    expect(await pathsOf(absent, {})).toEqual(['', 'a', 'a/x', 'c', 'c/z'])
  })

  test('hides what no path can name, and what the driver does not take', async () => {
    const odd: Readonly<Record<string, readonly string[]>> = {
      '': ['', '.', '..', 'a', 'a\0b', 'taken', `${'n'.repeat(256)}`, '\ud800'],
    }
    const oddly: Walked & Pick<ArtifactStoreDriver, 'takes'> = {
      ...driver,
      takes: (key) => key !== 'taken',
      async *list() {
        yield { entries: (odd[''] ?? []).map((key) => ({ key, kind: 'file' as const, size: 0 })) }
      },
      ...(driver.names && { names: async () => ({ directories: [], files: [...(odd[''] ?? [])], links: new Set() }) }),
    }
    const walked = []
    for await (const directory of walkDirectory(treeOf(oddly), '', {})) walked.push(directory)
    expect(walked).toEqual([{ path: '', directories: [], files: ['a'] }])
  })

  test('refuses a key that is not below the directory that was asked for', async () => {
    const stray: Walked = {
      ...{ ...driver, names: undefined },
      async *list(prefix) {
        yield { entries: [{ key: prefix === '' ? 'a' : 'b/x', kind: prefix === '' ? 'directory' : 'file', size: 0 }] }
      },
    }
    await expect(pathsOf(stray, {})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('"b/x", which is not below "a/"'),
    })
  })
})
