/** Rows 8, 10 and 34 with real processes: killed in mid-write, racing, and syncing in the right order. */
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localStore, newDirectory } from './local-store.js'
import { startChild } from './run-child.js'

describe('a process killed in mid-write', () => {
  test('leaves the target unchanged and nothing to be seen, and its rest is removed when it is stale', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('dir/kept', 'old')
    const child = startChild(`
      async function* endless() {
        for (let count = 0; ; count += 1) {
          yield Buffer.alloc(100_000, 'n')
          if (count === 20) console.log('in the middle')
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
      await openStore(${JSON.stringify(root)}).write('dir/kept', endless())
    `)
    await child.printed('in the middle')
    child.process.kill('SIGKILL')
    await child.ended
    expect(await store.readText('dir/kept')).toBe('old')
    expect(await store.listdir('')).toEqual(['dir'])
    expect(await store.glob('**')).toEqual(['dir', 'dir/kept'])
    const temporaries = join(root, '.stack-tmp')
    const left = readdirSync(temporaries)
    expect(left).toHaveLength(1)
    await localStore(root).write('another', 'x')
    expect(readdirSync(temporaries)).toEqual(left)
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60
    for (const name of left) utimesSync(join(temporaries, name), twoDaysAgo, twoDaysAgo)
    await localStore(root).write('another', 'x')
    expect(readdirSync(temporaries)).toEqual([])
  })
})

describe('processes that create the same objects', () => {
  test('win each exactly once', async () => {
    const root = newDirectory()
    const keys = Array.from({ length: 100 }, (_, index) => `race/${index}`)
    const children = Array.from({ length: 6 }, (_, racer) =>
      startChild(`
        const store = openStore(${JSON.stringify(root)})
        const won = []
        for (const key of ${JSON.stringify(keys)}) {
          await store.write(key, 'racer ${racer}', { ifAbsent: true }).then(
            () => won.push(key),
            (error) => { if (error.code !== 'already-exists') throw error },
          )
        }
        console.log(JSON.stringify(won))
      `),
    )
    const winners = new Map<string, string>()
    for (const [racer, child] of children.entries()) {
      const { output, code } = await child.ended
      expect(code).toBe(0)
      for (const key of JSON.parse(output) as string[]) {
        expect(winners.has(key), key).toBe(false)
        winners.set(key, `racer ${racer}`)
      }
    }
    const store = localStore(root)
    expect([...winners.keys()].sort()).toEqual([...keys].sort())
    for (const [key, winner] of winners) expect(await store.readText(key)).toBe(winner)
  })
})

describe('durability', () => {
  const events = async (durable: boolean): Promise<string[]> => {
    const root = newDirectory()
    const watch = `
      const fs = (await import('node:fs')).default
      const { syncBuiltinESMExports } = await import('node:module')
      const { fsync, renameSync } = fs
      let events = []
      fs.fsync = (descriptor, done) => {
        events.push(fs.fstatSync(descriptor).isDirectory() ? 'sync directory' : 'sync file')
        fsync(descriptor, done)
      }
      fs.renameSync = (from, to) => { events.push('rename'); renameSync(from, to) }
      syncBuiltinESMExports()
    `
    const script = `
      const store = openStore(${JSON.stringify(root)}, ${durable})
      await store.write('dir/first', 'x')
      events = []
      await store.write('dir/file', 'x')
      console.log(JSON.stringify(events))
    `
    return JSON.parse((await startChild(script, { before: watch }).ended).output) as string[]
  }

  test('syncs the file, renames it, and syncs its directory', async () => {
    expect(await events(true)).toEqual(['sync file', 'rename', 'sync directory'])
  })

  test('skips the syncs with durable: false', async () => {
    expect(await events(false)).toEqual(['rename'])
  })
})
