/** Row 35: many at once. */
import { expect } from 'vitest'
import type { StoreCase } from '../store-case.js'

export const concurrencyCases: readonly StoreCase[] = [
  {
    id: '35.concurrent-reads',
    title: '10,000 reads at once all succeed',
    anyRoot: true,
    async run({ store }) {
      await store.write('file', 'content')
      const texts = await Promise.all(Array.from({ length: 10_000 }, () => store.readText('file')))
      expect(new Set(texts)).toEqual(new Set(['content']))
    },
  },
  {
    id: '35.concurrent-writes',
    title: '500 writes at once, in new directories, all succeed',
    async run({ store }) {
      const paths = Array.from({ length: 500 }, (_, index) => `d${index % 7}/e${index % 50}/f${index}`)
      await Promise.all(paths.map((path) => store.write(path, path)))
      expect(await Promise.all(paths.map((path) => store.readText(path)))).toEqual(paths)
    },
  },
]
