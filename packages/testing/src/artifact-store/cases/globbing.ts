/** Row 24: glob patterns, as fsspec's table. */
import { expect } from 'vitest'
import { expectCode, type StoreCase } from '../store-case.js'

const files = [
  'file1',
  'file2',
  '.hidden',
  'subdir0/subfile1',
  'subdir0/subfile2',
  'subdir0/nesteddir/nestedfile',
  'subdir1/subfile1',
  'subdir1/subfile2',
  'subdir1/nesteddir/nestedfile',
  'lit/[x]',
  'lit/a*b',
  'lit/axb',
  'lit/a\\b',
]

/** A pattern, and what it matches in the order of listings. */
const table: Readonly<Record<string, readonly string[]>> = {
  '*': ['.hidden', 'file1', 'file2', 'lit', 'subdir0', 'subdir1'],
  '*1': ['file1', 'subdir1'],
  'file?': ['file1', 'file2'],
  'file[2-9]': ['file2'],
  'file[!1]': ['file2'],
  'subdir[0-1]/*fil[e]*1': ['subdir0/subfile1', 'subdir1/subfile1'],
  'subdir0/*': ['subdir0/nesteddir', 'subdir0/subfile1', 'subdir0/subfile2'],
  'subdir*/': ['subdir0', 'subdir1'],
  '*/': ['lit', 'subdir0', 'subdir1'],
  file1: ['file1'],
  'file1/': [],
  subdir0: ['subdir0'],
  gone: [],
  'gone/**': [],
  'file1/*': [],
  'file1/**': [],
  '**/subfile1': ['subdir0/subfile1', 'subdir1/subfile1'],
  '**/file1': ['file1'],
  'subdir0/**': [
    'subdir0',
    'subdir0/nesteddir',
    'subdir0/nesteddir/nestedfile',
    'subdir0/subfile1',
    'subdir0/subfile2',
  ],
  'subdir0/**/nestedfile': ['subdir0/nesteddir/nestedfile'],
  'subdir0/**/subfile1': ['subdir0/subfile1'],
  '**/**/nestedfile': ['subdir0/nesteddir/nestedfile', 'subdir1/nesteddir/nestedfile'],
  '**/nesteddir/': ['subdir0/nesteddir', 'subdir1/nesteddir'],
  'subdir{0,1}/subfile2': ['subdir0/subfile2', 'subdir1/subfile2'],
  '{file1,subdir1/{subfile1,gone}}': ['file1', 'subdir1/subfile1'],
  'lit/[[]x]': ['lit/[x]'],
  'lit/[x]': [],
  'lit/a[*]b': ['lit/a*b'],
  'lit/a*b': ['lit/a*b', 'lit/a\\b', 'lit/axb'],
  'lit/a\\b': ['lit/a\\b'],
  './subdir0/../file*': ['file1', 'file2'],
}

export const globbingCases: readonly StoreCase[] = [
  {
    id: '24.glob',
    title: 'wildcards, sets, braces, ** and literal brackets match as the table says',
    async run({ store }) {
      for (const file of files) await store.write(file, '')
      for (const [pattern, matches] of Object.entries(table)) {
        expect(await store.glob(pattern), pattern).toEqual(matches)
      }
      expect(await store.glob('**')).toHaveLength(files.length + 5)
    },
  },
  {
    id: '24.refused',
    title: 'a ** that is no segment, patterns that leave the store, and braces that explode are invalid-path',
    async run({ store }) {
      for (const pattern of ['a**', '**b/c', '../*', '{a,../b}', 'x//*', '{a,b}'.repeat(20)]) {
        await expectCode(store.glob(pattern), 'invalid-path')
      }
    },
  },
  {
    id: '24.linear',
    title: 'a pattern of many stars against a long name ends at once',
    async run({ store }) {
      await store.write('a'.repeat(250), '')
      const started = performance.now()
      expect(await store.glob(`${'*a'.repeat(100)}*b`)).toEqual([])
      expect(performance.now() - started).toBeLessThan(1000)
    },
  },
]
