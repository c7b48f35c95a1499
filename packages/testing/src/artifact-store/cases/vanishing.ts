/** Row 39: what vanishes below a walk's start is left out, and an error names the directory that it is of. */
import { StackError } from '@stack/core'
import { expect } from 'vitest'
import { collect, expectCode, type StoreCase } from '../store-case.js'
import { watching } from '../watched-driver.js'

export const vanishingCases: readonly StoreCase[] = [
  {
    id: '39.vanished',
    title: 'what vanishes below the start of a walk, a glob or an rmtree is left out',
    async run({ store, driver }) {
      const make = async () => {
        for (const path of ['r/a/1', 'r/b/2', 'r/b/c/3', 'r/d/4']) await store.write(path, '')
      }
      for (const topDown of [true, false]) {
        await make()
        const seen: string[] = []
        // Before it is listed, by somebody else.
        let gone = false
        const watcher = {
          before(verb: string, key: unknown) {
            if (key === 'r/a' && (verb === 'names' || verb === 'list')) gone = true
          },
        }
        await watching(driver, watcher, async () => {
          for await (const { path } of store.walk('r', { topDown })) {
            seen.push(path)
            if (!gone) await store.rmtree('r/b')
          }
        })
        expect(gone).toBe(true)
        expect(seen).toEqual(topDown ? ['r', 'r/a', 'r/d'] : ['r/a', 'r/b/c', 'r/b', 'r/d', 'r'])
      }
      await make()
      const paths: string[] = []
      for await (const { path } of store.walk('r')) {
        paths.push(path)
        if (path !== 'r') continue
        await store.rmtree('r/b')
        await store.rmtree('r/d')
        // It is something else now.
        await store.write('r/d', 'a file')
      }
      expect(paths).toEqual(['r', 'r/a'])
      await expectCode(collect(store.walk('r/b')), 'not-found', 'r/b')
      await store.remove('r/d')
    },
  },
  {
    id: '39.own-directory',
    title: 'an error of a directory names that directory, to the callback and without one; glob likewise',
    async run({ store, driver }) {
      for (const path of ['r/a/1', 'r/b/2', 'r/c/3']) await store.write(path, '')
      const watcher = {
        before(verb: string, key: unknown) {
          if (key !== 'r/b' || (verb !== 'names' && verb !== 'list')) return
          throw new StackError('permission-denied', 'access is denied')
        },
      }
      await watching(driver, watcher, async () => {
        await expectCode(collect(store.walk('r')), 'permission-denied', store.uri('r/b'))
        await expectCode(store.glob('r/**'), 'permission-denied', store.uri('r/b'))
        const errors: unknown[] = []
        const onError = (error: unknown) => void errors.push(error)
        const walked = await collect(store.walk('r', { onError }))
        expect(walked.map(({ path }) => path)).toEqual(['r', 'r/a', 'r/c'])
        expect(errors).toMatchObject([
          { code: 'permission-denied', details: { operation: 'walk', uri: store.uri('r/b') } },
        ])
      })
      const errors: unknown[] = []
      for await (const { path } of store.walk('r', { onError: (error) => errors.push(error) })) {
        if (path === 'r') await store.rmtree('r/b')
      }
      expect(errors).toMatchObject([{ code: 'not-found', details: { operation: 'walk', uri: store.uri('r/b') } }])
    },
  },
]
