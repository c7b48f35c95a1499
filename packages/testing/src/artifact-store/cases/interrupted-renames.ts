/** Row 44: a directory rename that was interrupted goes on to its end when it is called again. */
import type { ArtifactStore } from '@stack/core'
import { expect } from 'vitest'
import { allFiles, expectCode, type StoreCase } from '../store-case.js'
import { watching } from '../watched-driver.js'

const contents: Readonly<Record<string, string>> = { a: 'first', 'b/c': '', d: 'last' }

export const interruptedRenameCases: readonly StoreCase[] = [
  {
    id: '44.interrupted-rename',
    title: 'a directory rename that is interrupted at any call loses nothing, and with overwrite it goes on to its end',
    timeoutMs: 300_000,
    async run({ store, driver }) {
      for (const moment of ['before', 'after'] as const) {
        for (let call = 1; ; call += 1) {
          const [from, to] = [`${moment}-${call}/from`, `${moment}-${call}/to`]
          await makeTree(store, from)
          let calls = 0
          const interrupt = (): void => {
            calls += 1
            if (calls === call) throw new Error('The power failed.')
          }
          const failed = await watching(driver, { [moment]: interrupt }, () =>
            store.rename(from, to).then(
              () => false,
              () => true,
            ),
          )
          for (const [name, content] of Object.entries(contents)) {
            const [left, arrived] = await Promise.all(
              [`${from}/${name}`, `${to}/${name}`].map((key) => textOf(store, key)),
            )
            expect(left ?? arrived, `${name}, ${moment} call ${call}`).toBe(content)
          }
          // Where the last call was made, all of it was.
          if (await store.exists(from)) {
            expect(failed).toBe(true)
            await store.rename(from, to, { overwrite: true })
          }
          expect(await store.exists(from)).toBe(false)
          await expectTree(store, to)
          if (!failed) break
        }
      }
    },
  },
  {
    id: '44.other-target',
    title: 'a target that holds anything but copies of the source is directory-not-empty, and both stay as they are',
    async run({ store }) {
      const others: readonly Readonly<Record<string, string>>[] = [
        { a: 'other' },
        { d: 'tsal' },
        { 'b/c': 'not empty' },
        { a: 'first', 'b/c': '', d: 'lost' },
        { a: 'first', e: 'mine' },
        { e: 'mine' },
      ]
      for (const [index, other] of others.entries()) {
        const [from, to] = [`${index}/from`, `${index}/to`]
        await makeTree(store, from)
        for (const [name, content] of Object.entries(other)) await store.write(`${to}/${name}`, content)
        await expectCode(store.rename(from, to), 'already-exists')
        await expectCode(store.rename(from, to, { overwrite: true }), 'directory-not-empty')
        await expectTree(store, from)
        for (const [name, content] of Object.entries(other)) expect(await store.readText(`${to}/${name}`)).toBe(content)
        expect(await allFiles(store, to)).toEqual(Object.keys(other).map((name) => `${to}/${name}`))
      }
    },
  },
  {
    id: '44.interrupted-file',
    title: 'the rename of a file that was interrupted goes on likewise',
    async run({ store, driver }) {
      for (const moment of ['before', 'after'] as const) {
        for (let call = 1; ; call += 1) {
          const [from, to] = [`${moment}-${call}-from`, `${moment}-${call}-to`]
          await store.write(from, 'content')
          let calls = 0
          const interrupt = (): void => {
            calls += 1
            if (calls === call) throw new Error('The power failed.')
          }
          const renaming = watching(driver, { [moment]: interrupt }, () => store.rename(from, to))
          const failed = await renaming.then(
            () => false,
            () => true,
          )
          expect((await textOf(store, from)) ?? (await textOf(store, to))).toBe('content')
          if (await store.exists(from)) await store.rename(from, to, { overwrite: true })
          expect([await store.exists(from), await store.readText(to)]).toEqual([false, 'content'])
          if (!failed) break
        }
      }
    },
  },
]

async function makeTree(store: ArtifactStore, directory: string): Promise<void> {
  for (const [name, content] of Object.entries(contents)) await store.write(`${directory}/${name}`, content)
}

async function expectTree(store: ArtifactStore, directory: string): Promise<void> {
  const names = Object.keys(contents)
  expect(await allFiles(store, directory)).toEqual(names.map((name) => `${directory}/${name}`))
  for (const name of names) expect(await store.readText(`${directory}/${name}`)).toBe(contents[name])
}

async function textOf(store: ArtifactStore, key: string): Promise<string | undefined> {
  return (await store.exists(key)) ? store.readText(key) : undefined
}
