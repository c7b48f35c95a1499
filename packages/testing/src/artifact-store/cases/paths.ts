/** Row 12, and paths outside the store: names come back byte for byte, or are refused. */
import { pathToFileURL } from 'node:url'
import { isStackError } from '@stack/core'
import { expect } from 'vitest'
import { allFiles, collect, expectCode, type StoreCase } from '../store-case.js'

const names = [
  '~',
  '~root',
  '%2e%2e',
  '%2F',
  '%48',
  '%',
  'a%20c',
  '?',
  'a?b',
  '#',
  'a#b',
  '+',
  'a+b',
  ' ',
  ' a ',
  'a b',
  '&<>"\'',
  '\t',
  '\n',
  'a\u0001b',
  '\u007f',
  '😀',
  'é',
  'e\u0301',
  '\ufeff',
  '.a',
  '..a',
  'a.',
  '...',
  '-',
  '*',
  '[',
  ']',
  '{a,b}',
  '\\',
  'a\\b',
  'C:',
  ':',
  '__proto__',
  'constructor',
  'CON',
  '\u{10ffff}',
  '\uffff',
  'n'.repeat(255),
  'é'.repeat(127),
]

export const pathCases: readonly StoreCase[] = [
  {
    id: '12.names',
    title: 'every name comes back byte for byte from listdir, entries, walk and glob, or is refused',
    async run({ store }) {
      const taken: string[] = []
      for (const name of names) {
        try {
          await store.write(`dir/${name}`, name)
          taken.push(name)
        } catch (error) {
          if (!isStackError(error, 'invalid-path')) throw error
        }
      }
      expect([...(await store.listdir('dir'))].sort()).toEqual([...taken].sort())
      expect((await collect(store.entries('dir'))).map(({ name }) => name).sort()).toEqual([...taken].sort())
      expect(await allFiles(store)).toEqual(taken.map((name) => `dir/${name}`).sort())
      expect([...(await store.glob('dir/*'))].sort()).toEqual(taken.map((name) => `dir/${name}`).sort())
      for (const name of taken) expect(await store.readText(`dir/${name}`), JSON.stringify(name)).toBe(name)
    },
  },
  {
    id: '12.refused',
    title: 'NUL, empty segments, outer slashes, overlong names and keys, and broken Unicode are invalid-path',
    async run({ store }) {
      const refused = ['a\0b', '\0', 'a//b', '//a', 'a/b/', 'a//', '\ud800', 'n'.repeat(256), 'é'.repeat(128)]
      for (const path of [...refused, Array.from({ length: 410 }, () => 'né').join('/')]) {
        await expectCode(store.write(path, 'x'), 'invalid-path')
        await expectCode(store.read(path), 'invalid-path')
      }
      for (const path of ['a\0b', 'a//b', '\ud800', 'n'.repeat(256)]) {
        await expectCode(store.exists(path), 'invalid-path')
        await expectCode(store.isdir(path), 'invalid-path')
        await expectCode(store.listdir(path), 'invalid-path')
        await expectCode(store.glob(path), 'invalid-path')
      }
      expect(await store.listdir('')).toEqual([])
    },
  },
  {
    id: '12.longest',
    title: 'a key of 1,024 bytes, the root’s prefix counted, is kept; of 1,025 it is invalid-path for every verb',
    async run({ store }) {
      // The path of a root on this machine is the machine's, and no part of the key.
      const prefix = /^[a-z0-9+.-]+:\/\/[^/]*\/?(.*)$/s.exec(store.uri(''))?.[1] ?? ''
      const longest = 1024 - (prefix === '' ? 0 : prefix.length + 1)
      for (const letter of ['n', 'é']) {
        const width = Buffer.byteLength(letter)
        // Four directories and a name that fills what is left.
        const directory = `${`${letter.repeat(Math.floor(200 / width))}/`.repeat(4)}`
        const left = longest - Buffer.byteLength(directory)
        const name = `${'x'.repeat(left % width)}${letter.repeat(Math.floor(left / width))}`
        await store.write(directory + name, letter)
        expect(await store.readText(directory + name)).toBe(letter)
        expect(await store.listdir(directory)).toEqual([name])
        expect(await allFiles(store)).toContain(directory + name)
        const longer = `${directory}${name}y`
        await expectCode(store.write(longer, 'x'), 'invalid-path')
        await expectCode(store.read(longer), 'invalid-path')
        await expectCode(store.exists(longer), 'invalid-path')
        await expectCode(store.remove(longer), 'invalid-path')
      }
    },
  },
  {
    id: '12.outside',
    title: 'paths that leave the store, in every form of traversal, are invalid-path and touch nothing',
    async run({ store }) {
      await store.write('a/b', 'x')
      const root = store.uri('')
      const outside = [
        '..',
        '../x',
        'a/../../x',
        'a/../..',
        './../x',
        'a/./../../x',
        `${root}-evil/x`,
        `${root}/../x`,
        `${root}/a/../../x`,
        `${root}/..`,
        'http://x',
        'http://x/y',
        'https://x@y/z',
        's3//b',
        's3:/b',
        'ftp://h/a',
        'gs://other/a',
        'data:/x',
      ]
      for (const path of outside) {
        await expectCode(store.read(path), 'invalid-path')
        await expectCode(store.write(path, 'evil'), 'invalid-path')
        await expectCode(store.exists(path), 'invalid-path')
        await expectCode(store.glob(`${path}/*`), 'invalid-path')
        await expectCode(store.rename('a/b', path), 'invalid-path')
        await expectCode(store.copyfile('a/b', path), 'invalid-path')
        await expectCode(store.rmtree(path), 'invalid-path')
      }
      await expectCode(store.read(new URL('https://example.org/x')), 'invalid-path')
      expect(await allFiles(store)).toEqual(['a/b'])
    },
  },
  {
    id: '12.normalised',
    title: 'dot segments that stay inside are normalised; percent signs are decoded in a URL only',
    async run({ store }) {
      await store.write('a/./b/../c', 'x')
      expect(await store.readText('./a/c')).toBe('x')
      expect(await allFiles(store)).toEqual(['a/c'])
      await store.write('p%20q', 'percent')
      expect(await store.exists('p q')).toBe(false)
      const root = store.uri('')
      if (!root.startsWith('/')) return
      const url = pathToFileURL(`${root}/s p`)
      await store.write(url, 'space')
      expect(await store.readText('s p')).toBe('space')
      expect(await store.readText(url.href)).toBe('space')
      for (const evil of ['%2e%2e/x', 'a/%2e%2e/%2e%2e/x', 'a%2fb', '%00', '%zz', 'a?b', 'a#b']) {
        await expectCode(store.read(`${pathToFileURL(root).href}/${evil}`), 'invalid-path')
      }
    },
  },
  {
    id: '12.forms',
    title: 'full paths come back in the form the caller used',
    async run({ store }) {
      await store.write('dir/file', 'x')
      const full = store.uri('dir')
      expect(await store.glob('dir/*')).toEqual(['dir/file'])
      expect(await store.glob(`${full}/*`)).toEqual([`${full}/file`])
      expect((await collect(store.walk(full))).map(({ path }) => path)).toEqual([full])
      expect((await collect(store.entries(full))).map(({ path }) => path)).toEqual([`${full}/file`])
      expect((await store.stat(`${full}/file`)).path).toBe(`${full}/file`)
      expect(await store.listdir(`${full}/`)).toEqual(['file'])
    },
  },
]
