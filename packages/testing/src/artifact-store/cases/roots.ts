/** Row 36: nothing is written onto the root, whatever it is called; and a root may have any name. */
import { join } from 'node:path'
import { expect } from 'vitest'
import { withScratchDirectory } from '../scratch-directory.js'
import { allFiles, collect, expectCode, type StoreCase } from '../store-case.js'
import { watching } from '../watched-driver.js'

/** Names that are patterns, or that encodings change. */
const rootNames = ['{a,b}', '[x]', 'a*', 'q?', 'sp ace', '100%', '%41', 'a+b', 'ünï-😀', 'h#sh', '!{,}']

export const rootCases: readonly StoreCase[] = [
  {
    id: '36.root',
    title: 'no verb of files takes the root, in any spelling: it is is-a-directory before any request',
    async run({ store, driver }) {
      await store.write('dir/file', 'x')
      const requests: string[] = []
      const watcher = { before: (verb: string) => void requests.push(verb) }
      await withScratchDirectory((scratch) =>
        watching(driver, watcher, async () => {
          for (const root of ['', '.', './', 'a/..', 'dir/../', store.uri(''), `${store.uri('')}/a/..`]) {
            for (const overwrite of [true, false]) {
              await expectCode(store.rename('dir/file', root, { overwrite }), 'is-a-directory')
              await expectCode(store.rename('dir', root, { overwrite }), 'is-a-directory')
              await expectCode(store.copyfile('dir/file', root, { overwrite }), 'is-a-directory')
            }
            await expectCode(store.copyfile(root, 'copy'), 'is-a-directory')
            await expectCode(store.write(root, 'x'), 'is-a-directory')
            await expectCode(store.writer(root), 'is-a-directory')
            for (const mode of ['w', 'x', 'a'] as const) await expectCode(store.open(root, mode), 'is-a-directory')
            await expectCode(store.open(root, 'r'), 'is-a-directory')
            await expectCode(store.read(root), 'is-a-directory')
            await expectCode(store.readInto(root, new Uint8Array(1)), 'is-a-directory')
            await expectCode(store.stream(root), 'is-a-directory')
            await expectCode(store.size(root), 'is-a-directory')
            await expectCode(store.remove(root), 'is-a-directory')
            await expectCode(store.remove(root, { missingOk: true }), 'is-a-directory')
            await expectCode(store.download(root, join(scratch, 'file')), 'is-a-directory')
            await expectCode(store.upload(join(scratch, 'absent'), root), 'is-a-directory')
            await expectCode(store.presign(root, { method: 'PUT', expiresIn: 60 }), 'is-a-directory')
          }
        }),
      )
      expect(requests).toEqual([])
      expect(await allFiles(store)).toEqual(['dir/file'])
      expect(await store.readText('dir/file')).toBe('x')
    },
  },
  {
    id: '36.root-names',
    title: 'a root may be called as a pattern or as an encoding is written: every verb works below it',
    async run({ storeAt }) {
      for (const name of rootNames) {
        const { store } = await storeAt(`in/${name}`)
        const root = store.uri('')
        expect(root.endsWith(`/${name}`), root).toBe(true)
        await store.write('dir/file1', 'one')
        await store.write(`${root}/dir/file2`, 'two')
        expect(await store.readText(`${root}/dir/file1`)).toBe('one')
        expect(await store.glob('**')).toEqual(['dir', 'dir/file1', 'dir/file2'])
        expect(await store.glob(`${root}/**`)).toEqual(['dir', 'dir/file1', 'dir/file2'].map((key) => `${root}/${key}`))
        expect(await store.glob(`${root}/./d{ir,}/file{1,3}`)).toEqual([`${root}/dir/file1`])
        expect(await store.glob(`${root}/x/../dir/*[2]`)).toEqual([`${root}/dir/file2`])
        expect((await collect(store.walk(root))).map(({ path }) => path)).toEqual([root, `${root}/dir`])
        expect(await store.listdir(root)).toEqual(['dir'])
        expect((await collect(store.entries(`${root}/dir`))).map(({ path }) => path)).toContain(`${root}/dir/file1`)
        await store.copyfile(`${root}/dir/file1`, `${root}/copy`, { overwrite: true })
        await store.rename(`${root}/dir`, 'moved', { overwrite: true })
        expect(await allFiles(store)).toEqual(['copy', 'moved/file1', 'moved/file2'])
        await store.rmtree(`${root}/moved`)
        await store.remove('copy')
        expect(await store.listdir('')).toEqual([])
      }
    },
  },
]
