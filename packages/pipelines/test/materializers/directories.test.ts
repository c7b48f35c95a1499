/** Directories as outputs: every file stored and verified, nothing that another machine could not hold. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { step } from '../../src/definition/step.js'
import { ArtifactDirectory, isArtifactDirectory } from '../../src/materializers/artifact-directory.js'
import { parseManifest, writeManifest } from '../../src/materializers/directory-manifest.js'
import { makeTestStore, type TestStore } from '../support/test-store.js'

let test: TestStore
let count = 0

beforeEach(async () => {
  test = await makeTestStore()
})

afterEach(() => test.remove())

async function fill(files: Readonly<Record<string, string | Uint8Array>>, ...empty: string[]): Promise<string> {
  count += 1
  const root = join(test.directory, `model-${count}`)
  await mkdir(root)
  for (const directory of empty) await mkdir(join(root, directory), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}

async function listAll(root: string): Promise<readonly string[]> {
  return (await readdir(root, { recursive: true })).sort()
}

const target = () => join(test.directory, `target-${++count}`)

describe('a directory', () => {
  it('is stored file by file beside a manifest, and given back lazily', async () => {
    const root = await fill(
      { 'weights.bin': new Uint8Array([1, 2, 3]), 'vocabulary/words.txt': 'a\nb\n' },
      'logs/empty',
    )
    const output = await test.save(new ArtifactDirectory(root, { name: 'model' }))
    expect(output).toMatchObject({
      materializer: 'directory',
      mediaType: 'application/vnd.stack.directory+json',
      metadata: { name: 'model', files: 2, bytes: 7 },
    })
    expect(JSON.parse(await test.store.readText(output.uri))).toMatchObject({
      version: 1,
      files: [
        { path: 'vocabulary/words.txt', size: 4 },
        { path: 'weights.bin', size: 3 },
      ],
      emptyDirectories: ['logs/empty'],
    })
    expect(await test.store.readText(`${output.uri}.files/vocabulary/words.txt`)).toBe('a\nb\n')

    const read = vi.spyOn(test.store, 'read')
    const loaded = (await test.load(output)) as ArtifactDirectory
    expect(isArtifactDirectory(loaded)).toBe(true)
    expect(loaded.name).toBe('model')
    expect(read).toHaveBeenCalledTimes(1)
    expect((await loaded.files()).map(({ path, size }) => [path, size])).toEqual([
      ['vocabulary/words.txt', 4],
      ['weights.bin', 3],
    ])
    expect(await loaded.read('weights.bin')).toEqual(new Uint8Array([1, 2, 3]))
    expect(await loaded.readText('vocabulary/words.txt')).toBe('a\nb\n')
    expect(await new Response(await loaded.stream('vocabulary/words.txt')).text()).toBe('a\nb\n')

    const copy = await loaded.downloadTo(target())
    expect(await listAll(copy)).toEqual(await listAll(root))
    expect(await readFile(join(copy, 'weights.bin'))).toEqual(Buffer.from([1, 2, 3]))
  })

  it('reads the same on this machine, for tests of a step', async () => {
    const local = new ArtifactDirectory(await fill({ 'a/b.txt': 'abc' }))
    expect(await local.files()).toMatchObject([{ path: 'a/b.txt', size: 3 }])
    expect(await local.readText('a/b.txt')).toBe('abc')
    expect(await new Response(await local.stream('a/b.txt')).text()).toBe('abc')
    expect(await listAll(await local.downloadTo(target()))).toEqual(['a', 'a/b.txt'])
    await expect(local.read('a/c.txt')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Did you mean "a/b.txt"?'),
    })
    for (const path of ['../x', '/etc/passwd', 'a', '', 'a/../a/b.txt', 'a\\b.txt']) {
      await expect(local.read(path)).rejects.toMatchObject({ code: 'not-found' })
    }
  })

  it('may be empty', async () => {
    const output = await test.save(new ArtifactDirectory(await fill({})))
    const loaded = (await test.load(output)) as ArtifactDirectory
    expect(await loaded.files()).toEqual([])
    expect(await listAll(await loaded.downloadTo(target()))).toEqual([])
  })

  it('can be given on by the step that got it', async () => {
    const first = await test.save(
      new ArtifactDirectory(await fill({ 'a.txt': 'a', 'b/c.txt': 'c' }, 'd'), { name: 'x' }),
    )
    const second = await test.save(await test.load(first))
    expect(second.contentHash).toBe(first.contentHash)
    expect(await test.store.readText(`${second.uri}.files/b/c.txt`)).toBe('c')
  })

  it('keeps who may execute a file', async () => {
    const root = await fill({ 'run.sh': '#!/bin/sh\necho ran\n', 'data.txt': 'a' })
    await chmod(join(root, 'run.sh'), 0o755)
    const loaded = (await test.load(await test.save(new ArtifactDirectory(root)))) as ArtifactDirectory
    const copy = await loaded.downloadTo(target())
    expect(execFileSync(join(copy, 'run.sh'), { encoding: 'utf8' })).toBe('ran\n')
    expect((await stat(join(copy, 'data.txt'))).mode & 0o111).toBe(0)
  })

  it('of the same files has the same hash, whenever and wherever they were written', async () => {
    const files = { 'a.txt': 'a', 'a/b.txt': 'b', 'a-c.txt': 'c' }
    const one = await fill({ 'a.txt': 'a', 'a-c.txt': 'c', 'x/b.txt': 'b' }, 'e')
    const other = await fill({ 'x/b.txt': 'b' }, 'e')
    await writeFile(join(other, 'a-c.txt'), 'c')
    await writeFile(join(other, 'a.txt'), 'a')
    await utimes(join(other, 'a.txt'), 1, 1)
    const hashes = await Promise.all(
      [one, other, await fill(files)].map(async (root) => (await test.save(new ArtifactDirectory(root))).contentHash),
    )
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })

  it('keeps any name and any content', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[/\\\0]/.test(text) && text !== '.' && text !== '..' && !/\p{Surrogate}/u.test(text))
    const tree = fc.dictionary(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(tree, async (given) => {
        const files = Object.create(null) as Record<string, string>
        const taken = new Set<string>()
        for (const [path, text] of Object.entries(given)) {
          const folded = path.normalize('NFC').toLowerCase()
          const parents = folded.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))
          // No name twice, and none that is a file and a directory.
          if (parents.some((each) => taken.has(each))) continue
          for (const each of parents) taken.add(each)
          files[path] = text
        }
        const output = await test.save(new ArtifactDirectory(await fill(files)))
        const loaded = (await test.load(output)) as ArtifactDirectory
        const found: Record<string, string> = Object.create(null)
        for (const { path } of await loaded.files()) found[path] = await loaded.readText(path)
        expect(found).toEqual(files)
        expect(await listAll(await loaded.downloadTo(target()))).toHaveLength(taken.size)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('sends several files at once', async () => {
    let [now, most] = [0, 0]
    const write = test.store.write.bind(test.store)
    vi.spyOn(test.store, 'write').mockImplementation(async (...given) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      const result = await write(...given)
      now -= 1
      return result
    })
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.txt`, `${index}`]))
    await test.save(new ArtifactDirectory(await fill(files)))
    expect(most).toBeGreaterThan(4)
    expect(most).toBeLessThanOrEqual(8)
  })
})

describe('a directory is refused', () => {
  const refused = async (root: string, ...texts: string[]) => {
    const error = await test.save(new ArtifactDirectory(root)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid-output' })
    for (const text of texts) expect(String(error)).toContain(text)
    expect(await test.files()).toEqual([])
    return error
  }

  it('with symbolic links, each named', async () => {
    const root = await fill({ 'a/b.txt': 'b' })
    await symlink('a/b.txt', join(root, 'to-file'))
    await symlink('nowhere', join(root, 'a/to-nothing'))
    await symlink('.', join(root, 'a/to-directory'))
    const error = await refused(root, 'a/to-directory: is a symbolic link')
    expect((error as { problems: { path: string }[] }).problems.map(({ path }) => path)).toEqual([
      'output.to-file',
      'output.a/to-directory',
      'output.a/to-nothing',
    ])
  })

  it('with names that differ in case or in the form of an accent only, both named', async () => {
    await refused(await fill({ 'Model.bin': 'a', 'model.BIN': 'b' }), 'Model.bin', 'model.BIN')
    await refused(await fill({ 'Data/a': 'a', 'data/b': 'b' }), 'Data', 'data')
    await refused(await fill({ 'caf\u00e9': 'a', 'cafe\u0301': 'b' }), 'caf\u00e9', 'cafe\u0301')
  })

  it('with what is neither file nor directory', async () => {
    const root = await fill({ 'a.txt': 'a' })
    execFileSync('mkfifo', [join(root, 'pipe')])
    await refused(root, 'pipe: is no regular file')
  })

  it('with names that other machines cannot hold', async () => {
    await refused(await fill({ 'a\\b': 'a' }), 'has a backslash in its name')
    const root = await fill({})
    await writeFile(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff])]), 'a')
    await refused(root, 'has a name that is not UTF-8')
  })

  it('where there is none', async () => {
    await refused(join(test.directory, 'none'), 'cannot be read')
    await refused(join(await fill({ 'a.txt': 'a' }), 'a.txt'), 'cannot be read')
  })

  it('but itself may be reached through a link, and hold a file under two names', async () => {
    const root = await fill({ 'a.txt': 'a' })
    await link(join(root, 'a.txt'), join(root, 'b.txt'))
    await symlink(root, join(test.directory, 'link'))
    const loaded = await test.load(await test.save(new ArtifactDirectory(join(test.directory, 'link'))))
    expect(await (loaded as ArtifactDirectory).readText('b.txt')).toBe('a')
  })
})

describe('a directory that changes while it is stored', () => {
  it.each<[string, (root: string) => Promise<unknown>]>([
    // Of another size: two writes in one tick of the file system's clock bear the same time.
    ['a file is written to', (root) => writeFile(join(root, 'a.txt'), 'longer')],
    ['a file is added', (root) => writeFile(join(root, 'z.txt'), 'z')],
    ['a file is removed', (root) => rename(join(root, 'b.txt'), `${root}.b`)],
    [
      'another file takes the place of one',
      async (root) => {
        await writeFile(`${root}.x`, 'a')
        await rename(`${root}.x`, join(root, 'a.txt'))
      },
    ],
    ['an empty directory is added', (root) => mkdir(join(root, 'empty'))],
  ])('because %s is a conflict', async (_, change) => {
    const root = await fill({ 'a.txt': 'a', 'b.txt': 'b' })
    const write = test.store.write.bind(test.store)
    let changed = false
    vi.spyOn(test.store, 'write').mockImplementation(async (...given) => {
      const result = await write(...given)
      if (!changed) {
        changed = true
        await change(root)
      }
      return result
    })
    await expect(test.save(new ArtifactDirectory(root))).rejects.toMatchObject({ code: 'conflict' })
    expect((await test.files()).filter((path) => path.endsWith('/output'))).toEqual([])
  })
})

describe('a stored directory', () => {
  const stored = async () => test.save(new ArtifactDirectory(await fill({ 'a.txt': 'a', 'b.txt': 'b' }, 'c')))

  it('tells a file that was changed, and a manifest that was', async () => {
    const output = await stored()
    await test.store.write(`${output.uri}.files/a.txt`, 'x')
    const loaded = (await test.load(output)) as ArtifactDirectory
    expect(await loaded.readText('b.txt')).toBe('b')
    await expect(loaded.read('a.txt')).rejects.toMatchObject({ code: 'checksum-mismatch' })
    const directory = target()
    await expect(loaded.downloadTo(directory)).rejects.toMatchObject({ code: 'checksum-mismatch' })
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' })
    await test.store.write(output.uri, '{}')
    await expect(test.load(output)).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })

  it('is written only where nothing is, and leaves what was there', async () => {
    const loaded = (await test.load(await stored())) as ArtifactDirectory
    const directory = target()
    await mkdir(directory)
    expect(await loaded.downloadTo(directory)).toBe(directory)
    expect(await listAll(directory)).toEqual(['a.txt', 'b.txt', 'c'])
    await expect(loaded.downloadTo(directory)).rejects.toMatchObject({ code: 'already-exists' })
    await expect(loaded.downloadTo(join(directory, 'a.txt'))).rejects.toMatchObject({ code: 'already-exists' })
    await expect(loaded.downloadTo(join(directory, 'a.txt/x'))).rejects.toMatchObject({ code: 'not-a-directory' })
    const empty = target()
    await mkdir(empty)
    vi.spyOn(test.store, 'download').mockRejectedValueOnce(new Error('offline'))
    await expect(loaded.downloadTo(empty)).rejects.toThrow('offline')
    expect(await listAll(empty)).toEqual([])
  })

  it('ends with the signal of the step that reads it', async () => {
    const abort = new AbortController()
    const loaded = (await test.load(await stored(), abort.signal)) as ArtifactDirectory
    abort.abort(new Error('enough'))
    await expect(loaded.downloadTo(target())).rejects.toThrow('enough')
  })

  it('whose manifest leads out of it is refused, and so is one of a later version', async () => {
    for (const [manifest, code] of [
      [{ version: 1, files: [{ path: '../../x', size: 0, contentHash: '' }], emptyDirectories: [] }, 'invalid-path'],
      [{ version: 1, files: [], emptyDirectories: ['/etc/x'] }, 'invalid-path'],
      [{ version: 2 }, 'unsupported'],
    ] as const) {
      const output = await test.save(JSON.stringify(manifest))
      await expect(test.load({ ...output, materializer: 'directory' })).rejects.toMatchObject({ code })
    }
  })
})

describe('a manifest', () => {
  const contentHash = `sha256:${'0'.repeat(64)}`
  const file = (path: string) => ({ path, size: 1, contentHash })

  it.each([
    [['a', 'a'], []],
    [['a', 'A'], []],
    [['a', 'a/b'], []],
    [['A/b', 'a/c'], []],
    [['\u00e4', 'a\u0308'], []],
    [['a'], ['a']],
    [['a/b'], ['a']],
  ])(
    'of the files %j and the empty directories %j is refused: no machine holds them side by side',
    (paths, emptyDirectories) => {
      const text = JSON.stringify({ version: 1, files: paths.map(file), emptyDirectories })
      expect(() => parseManifest(text)).toThrowError(expect.objectContaining({ code: 'invalid-input' }))
    },
  )

  it('larger than 64 MiB is neither written nor read', async () => {
    const files = Array.from({ length: 70_000 }, (_, index) => file(`${index}`.padEnd(1000, 'a')))
    expect(() => writeManifest(files, [])).toThrowError(expect.objectContaining({ code: 'invalid-output' }))
    const output = await test.save('small')
    await truncate(join(test.directory, 'store', output.uri), 8 * 1024 ** 3)
    const load = test.load({ ...output, size: 8 * 1024 ** 3, materializer: 'directory' })
    await expect(load).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('larger than 67108864 bytes'),
    })
  })

  it('of paths that this machine cannot hold is refused, and leaves nothing', async () => {
    const path = Array.from({ length: 300 }, () => 'directory-of-a-name').join('/')
    const manifest = JSON.stringify({ version: 1, files: [], emptyDirectories: [path] })
    const output = { ...(await test.save(manifest)), materializer: 'directory' }
    const loaded = (await test.load(output)) as ArtifactDirectory
    const directory = target()
    await expect(loaded.downloadTo(directory)).rejects.toMatchObject({ code: 'invalid-path' })
    expect(existsSync(directory)).toBe(false)
  })
})

describe('ArtifactDirectory', () => {
  it('is its own schema', async () => {
    const made = step({ name: 'model', output: ArtifactDirectory, run: () => 'model' as never })
    await expect(made.run({}, {} as never)).rejects.toMatchObject({ code: 'invalid-output' })
  })

  it.each(['', '..', 'a/b'])('cannot be named %j', (name) => {
    expect(() => new ArtifactDirectory('/a', { name })).toThrowError(expect.objectContaining({ code: 'invalid-name' }))
  })
})
