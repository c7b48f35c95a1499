/** Parents that another process removes meanwhile: they are made again, and nothing is lost. */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LocalPaths, type WritePlace } from '../../src/artifact-store/local-paths.js'
import { renameLocal, writeLocal } from '../../src/artifact-store/local-write.js'
import { TemporaryFiles } from '../../src/artifact-store/temporary-files.js'
import { inPlace } from '../../src/artifact-store/write-place.js'
import { localStore, newDirectory } from './local-store.js'
import { startChild } from './run-child.js'

/** Paths whose parents are removed so many times as soon as they are made, sometimes with the whole store. */
class RemovedPaths extends LocalPaths {
  readonly #times: number
  #placed = 0

  constructor(root: string, times: number) {
    super(root)
    this.#times = times
  }

  override place(key: string): WritePlace {
    const place = super.place(key)
    this.#placed += 1
    if (this.#placed <= this.#times) rmSync(place.directory, { recursive: true })
    return place
  }
}

function toolsWith(root: string, times: number) {
  return { paths: new RemovedPaths(root, times), temporaries: new TemporaryFiles(root), durable: true }
}

const bytes = { kind: 'bytes', bytes: Buffer.from('content') } as const

describe('parents that are removed meanwhile', () => {
  test.each([1, 3, 50])('%d times are made again for writes, renames and directories', async (times) => {
    const root = newDirectory()
    await writeLocal(toolsWith(root, times), 'a/b/file', bytes, {})
    await writeLocal(toolsWith(root, times), 'a/c/file', bytes, { ifAbsent: true })
    expect(readFileSync(join(root, 'a/b/file'), 'utf8')).toBe('content')
    for (const [index, ifAbsent] of [true, false].entries()) {
      await renameLocal(
        toolsWith(root, times),
        { from: 'a/b/file', to: `d/${index}/file`, directory: false },
        { ifAbsent },
      )
      await renameLocal(
        toolsWith(root, times),
        { from: `d/${index}/file`, to: 'a/b/file', directory: false },
        { ifAbsent },
      )
      await renameLocal(toolsWith(root, times), { from: 'a', to: `e/${index}/a`, directory: true }, { ifAbsent })
      await renameLocal(toolsWith(root, 0), { from: `e/${index}/a`, to: 'a', directory: true }, { ifAbsent })
    }
    expect(readFileSync(join(root, 'a/b/file'), 'utf8')).toBe('content')
    inPlace(toolsWith(root, times).paths, 'f/g', ({ path }) => mkdirSync(path))
    expect(existsSync(join(root, 'f/g'))).toBe(true)
  })

  test('without end are unavailable, and a rename’s source stays', async () => {
    const root = newDirectory()
    await localStore(root).write('source', 'content')
    const unavailable = { code: 'unavailable', message: expect.stringContaining('again and again') }
    await expect(writeLocal(toolsWith(root, 1000), 'a/file', bytes, {})).rejects.toMatchObject(unavailable)
    const renaming = renameLocal(toolsWith(root, 1000), { from: 'source', to: 'a/file', directory: false }, {})
    await expect(renaming).rejects.toMatchObject(unavailable)
    expect(await localStore(root).readText('source')).toBe('content')
  })

  test('a root that was removed is made again by every verb that makes something', async () => {
    const root = join(newDirectory(), 'store')
    const store = localStore(root)
    for (const make of [() => store.write('a/b', 'x'), () => store.mkdir('a/c'), () => store.makedirs('d/e')]) {
      await store.write('first', 'x')
      rmSync(root, { recursive: true })
      await make()
      expect(existsSync(root)).toBe(true)
    }
  })

  test('a source or an unfinished write that is gone is told as that', async () => {
    const root = newDirectory()
    const tools = toolsWith(root, 0)
    await localStore(root).write('dir/source', 'x')
    const find = tools.paths.findUnfollowed.bind(tools.paths)
    tools.paths.findUnfollowed = (key) => {
      const found = find(key)
      rmSync(join(root, 'dir'), { recursive: true, force: true })
      return found
    }
    for (const ifAbsent of [true, false]) {
      const renaming = renameLocal(tools, { from: 'dir/source', to: 'target', directory: false }, { ifAbsent })
      await expect(renaming).rejects.toMatchObject({ code: 'not-found' })
    }
    expect(existsSync(join(root, 'target'))).toBe(false)
    const place = tools.paths.place.bind(tools.paths)
    tools.paths.place = (key) => {
      rmSync(join(root, '.stack-tmp'), { recursive: true })
      return place(key)
    }
    await expect(writeLocal(tools, 'target', bytes, {})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('removed what was written'),
    })
  })

  test('by other processes that do nothing else: what is made is there or unavailable, and nothing is torn', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('kept/file', 'content')
    const gone = JSON.stringify(join(root, 'gone'))
    const stop = join(root, 'stop')
    const children = [
      `rmSync(${gone}, { recursive: true, force: true, maxRetries: 100 })`,
      `await store.rmtree('gone').catch((error) => codes.add(error.code))`,
    ].map((remove) =>
      startChild(`
        import { existsSync, rmSync } from 'node:fs'
        const store = openStore(${JSON.stringify(root)})
        const codes = new Set()
        console.log('begun')
        while (!existsSync(${JSON.stringify(stop)})) ${remove}
        console.log('codes', ...codes)
      `),
    )
    for (const child of children) await child.printed('begun')
    const made = new Set<string>()
    const noteMade = ({ code }: { readonly code?: string }) => void made.add(String(code))
    const read = new Set<unknown>()
    for (let round = 0; round < 300; round += 1) {
      await store.write(`gone/${round}/a/file`, 'content').catch(noteMade)
      await store.mkdir(`gone/${round}/b/c`).catch(noteMade)
      await store.copyfile('kept/file', `gone/${round}/copy`).catch(noteMade)
      await store.write('moving', 'content')
      await store.rename('moving', `gone/${round}/d/moved`).catch(noteMade)
      const reading = store.readText(`gone/${round}/a/file`)
      read.add(await reading.catch(({ code }: { readonly code?: string }) => code))
    }
    await store.write('stop', '')
    for (const child of children) {
      const { output } = await child.ended
      const [, ...codes] = output.trim().split('\n').at(-1)?.split(' ') ?? []
      expect(codes.filter((code) => !['not-found', 'directory-not-empty'].includes(code))).toEqual([])
    }
    expect([...made].filter((code) => code !== 'unavailable')).toEqual([])
    expect([...read].filter((outcome) => outcome !== 'content' && outcome !== 'not-found')).toEqual([])
    expect(await store.readText('kept/file')).toBe('content')
  })
})

describe('a rename that was interrupted', () => {
  test('between the two names of a file goes on', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('from', 'content')
    // What a rename without overwrite does before it removes the old name.
    linkSync(join(root, 'from'), join(root, 'to'))
    await expect(store.rename('from', 'to')).rejects.toMatchObject({ code: 'already-exists' })
    await store.rename('from', 'to', { overwrite: true })
    expect(await store.listdir('')).toEqual(['to'])
    expect(await store.readText('to')).toBe('content')
  })

  test('after the directory’s name was taken goes on', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('from/file', 'content')
    mkdirSync(join(root, 'to'))
    await store.rename('from', 'to', { overwrite: true })
    expect(await store.glob('**')).toEqual(['to', 'to/file'])
  })

  test('of a directory onto one that holds something is refused, and leaves both', async () => {
    const root = newDirectory()
    const store = localStore(root)
    await store.write('from/file', 'content')
    await store.write('to/file', 'content')
    await expect(store.rename('from', 'to', { overwrite: true })).rejects.toMatchObject({ code: 'directory-not-empty' })
    writeFileSync(join(root, dirname('to/file'), 'file'), 'other')
    expect(await store.glob('**/file')).toEqual(['from/file', 'to/file'])
  })
})
