/** Row 46, and the conditions of row 11: what a transport would lose, rename or alter is refused, all else comes back. */
import { isStackError, type WriteOptions } from '@stack/core'
import { expect } from 'vitest'
import { smallestPartSize } from '../parts.js'
import { sampleBytes } from '../sample-bytes.js'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'

const refusedNames = [
  ...['', ' ', 'a b', 'a:b', 'A', 'camelCase', 'ä', 'a\r\nx-injected', 'a\0', '__proto__', 'a/b', '(a)', '"a"', '-a'],
  'stack-write',
  'x'.repeat(81),
]
const refusedValues = ['\0', 'a\0b', '\ud800', 'half \udc00', 5, null, undefined, true, {}, ['a']]
const refusedMetadata: readonly unknown[] = [
  ...refusedNames.map((name) => Object.fromEntries([[name, 'value']])),
  ...refusedValues.map((value) => ({ name: value })),
  ...[{ a: 'x', A: 'y' }, [['a', 'b']], null, 'text', 5],
  // More than any store takes, in one value and in many.
  { long: 'x'.repeat(9000) },
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`name-${index}`, 'x'.repeat(30)])),
]
const refusedContentTypes: readonly unknown[] = [
  ...['', ' ', ' text/plain', 'text/plain ', 'text/plain\r\nx-injected: yes', 'text/plain\n', 'text/grün', 'text/\0'],
  ...['text/plain;\tcharset=utf-8', `text/${'x'.repeat(5000)}`, 5, null, {}],
]

const keptMetadata = {
  note: 'grün ✓ 🎉',
  'with-dash': ' spaces around ',
  'with.dot': 'two\nlines\r\nand a\ttab',
  'x-1': '%41 %zz +&=?#;,"\'\\',
  0: 'a digit',
  long: 'x'.repeat(900),
}
const keptContentTypes = [
  'text/plain',
  'text/plain; charset="utf-8"',
  'application/vnd.stack.v1+json; a=b;c=d',
  'IMAGE/png',
]

const noVersions: readonly unknown[] = ['', '*', ' ', '"a", "b"', 'a,b', '"a\nb"', 'a\r\nx-injected: yes', 'ä', 5, null]

export const metadataCases: readonly StoreCase[] = [
  {
    id: '46.refused',
    title: 'metadata that no transport carries is usage, and nothing is written',
    async run({ store, capabilities }) {
      const code = capabilities.metadata ? 'usage' : 'unsupported'
      for (const metadata of refusedMetadata) {
        const options = { metadata } as WriteOptions
        await expectCode(store.write('file', 'x', options), code, 'file')
        await expectCode(store.writer('file', options), code, 'file')
      }
      expect(await allFiles(store)).toEqual([])
    },
  },
  {
    id: '46.content-types',
    title: 'a content type that no header holds is usage, and nothing is written',
    async run({ store }) {
      for (const contentType of refusedContentTypes) {
        await expectCode(store.write('file', 'x', { contentType } as WriteOptions), 'usage', 'file')
        await expectCode(store.open('file', 'w', { contentType } as WriteOptions), 'usage', 'file')
      }
      expect(await allFiles(store)).toEqual([])
    },
  },
  {
    id: '46.kept',
    title: 'all other metadata comes back as it was, by whatever way it was written',
    async run({ store, driver, capabilities }) {
      if (!capabilities.metadata) {
        await expectCode(store.write('file', 'x', { metadata: keptMetadata }), 'unsupported')
        return
      }
      const partSize = await smallestPartSize(driver)
      const options = { metadata: keptMetadata, contentType: 'text/x-kept' }
      await store.write('one', 'x', options)
      await store.write('created', 'x', { ...options, ifAbsent: true })
      await store.write('parts', sampleBytes(partSize + 1), { ...options, partSize })
      await store.copyfile('one', 'copy')
      await store.copyfile('parts', 'copy-of-parts', { overwrite: true })
      await store.rename('created', 'renamed')
      const appending = await store.open('renamed', 'a')
      await appending.write('y')
      await appending.close()
      for (const path of ['one', 'parts', 'copy', 'copy-of-parts', 'renamed']) {
        const { metadata, contentType } = await store.stat(path)
        expect({ metadata, contentType }, path).toEqual(options)
      }
    },
  },
  {
    id: '46.empty',
    title: 'metadata without a value comes back',
    async run({ store, capabilities }) {
      const options = { metadata: { empty: '' } }
      if (!capabilities.metadata) return expectCode(store.write('file', 'x', options), 'unsupported')
      await store.write('file', 'x', options)
      expect(await store.stat('file')).toMatchObject(options)
    },
  },
  {
    id: '46.names',
    title: 'a name of metadata that some servers alter comes back, or is usage',
    async run({ store, capabilities }) {
      if (!capabilities.metadata) return expectCode(store.write('file', 'x', { metadata: {} }), 'unsupported')
      for (const name of ['with_underscore', 'ends-', 'ends.', 'constructor', 'content-type', 'x'.repeat(80)]) {
        const options = { metadata: { [name]: 'value' } }
        const outcome = await store.write('file', 'x', options).catch((error: unknown) => error)
        if (isStackError(outcome, 'usage')) continue
        expect(outcome, name).toMatchObject({ size: 1 })
        expect((await store.stat('file')).metadata, name).toEqual(options.metadata)
      }
    },
  },
  {
    id: '46.kept-content-types',
    title: 'all other content types come back as they were',
    async run({ store, capabilities }) {
      for (const contentType of keptContentTypes) {
        await store.write('file', 'x', { contentType })
        const kept = (await store.stat('file')).contentType
        expect(kept).toBe(capabilities.metadata ? contentType : undefined)
      }
    },
  },
  {
    id: '11.no-version',
    title: 'an ifMatch that no stat returned as a version is usage to whatever takes one, and changes nothing',
    async run({ store }) {
      await store.write('file', 'old')
      await withScratchDirectory(async (directory) => {
        for (const value of noVersions) {
          const options = { ifMatch: value as string }
          await expectCode(store.write('file', 'new', options), 'usage', 'file')
          await expectCode(store.writer('file', options), 'usage', 'file')
          await expectCode(store.read('file', options), 'usage', 'file')
          await expectCode(store.readInto('file', new Uint8Array(9), options), 'usage', 'file')
          await expectCode(store.stream('file', options), 'usage', 'file')
          await expectCode(store.download('file', `${directory}/file`, options), 'usage', 'file')
        }
      })
      const undecided = { ifAbsent: 'yes' as unknown as boolean }
      await expectCode(store.write('file', 'new', undecided), 'usage', 'file')
      expect(await store.readText('file')).toBe('old')
    },
  },
]
