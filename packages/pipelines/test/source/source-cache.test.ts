/** Bundles that are kept: believed where they are whole, made anew where they are not, and never a reason to fail. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveTo, stranger, strangers } from '@stack/test-owners'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSourceLoader } from '../../src/source/create-source-loader.js'

function temporary(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'stack-cache-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A project whose file `a.ts` exports `value`, 1, and imports another lazily. */
function project(): string {
  const root = temporary()
  mkdirSync(join(root, '.stack'), { mode: 0o700 })
  writeFileSync(join(root, 'a.ts'), 'export const value: number = 1\nexport const late = () => import("./b.ts")')
  writeFileSync(join(root, 'b.ts'), 'export const b: string = "b"')
  return root
}

const source = (root: string) => join(root, '.stack/cache/source')

/** The paths of the only bundle's files, by what they are. */
function bundleOf(root: string): Readonly<Record<'directory' | 'index' | 'entry' | 'map' | 'chunk', string>> {
  const [key = ''] = readdirSync(source(root))
  const directory = join(source(root), key)
  const names = readdirSync(directory)
  const path = (pattern: RegExp) => join(directory, names.find((name) => pattern.test(name)) ?? 'none')
  return {
    directory,
    index: join(directory, 'bundle.json'),
    entry: path(/^entry-.*\.mjs$/),
    map: path(/^entry-.*\.map$/),
    chunk: path(/^(?!entry-).*\.mjs$/),
  }
}

/** Loads in a process of its own, as a later command does: Node keeps what it imported. */
function load(root: string, env: Readonly<Record<string, string>> = {}): unknown {
  const loader = JSON.stringify(new URL('../../dist/host/index.js', import.meta.url).href)
  const program = `import { createSourceLoader } from ${loader}
const { module } = await createSourceLoader({ projectRoot: ${JSON.stringify(root)} }).load('a.ts')
console.log(JSON.stringify([module.value, (await module.late()).b]))`
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return JSON.parse(text)
}

describe('a bundle that is kept', () => {
  it('is of its user alone', () => {
    const root = project()
    load(root)
    const { directory, ...files } = bundleOf(root)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const file of Object.values(files)) expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it.each(['entry', 'map', 'chunk', 'index'] as const)('is made anew where the %s is damaged', (which) => {
    const root = project()
    expect(load(root)).toEqual([1, 'b'])
    const path = bundleOf(root)[which]
    const sound = readFileSync(path, 'utf8')
    const flipped = Buffer.from(sound)
    flipped[flipped.length - 40] = (flipped[flipped.length - 40] ?? 0) ^ 1
    const damages = [
      () => truncateSync(path, 0),
      () => truncateSync(path, 10),
      () => rmSync(path),
      () => writeFileSync(path, flipped),
      () => writeFileSync(path, `${sound}}`),
      () => {
        rmSync(path)
        mkdirSync(path)
        rmSync(path, { recursive: true })
        symlinkSync('/dev/zero', path)
      },
    ]
    for (const damage of damages) {
      damage()
      expect(load(root)).toEqual([1, 'b'])
      expect(readFileSync(path, 'utf8')).toBe(sound)
    }
  })

  it.each([
    ['an older one', { format: 3, entry: 'entry-A.mjs', files: {}, consulted: {} }],
    ['an array', []],
    ['null', null],
    ['another shape', { format: 4, entry: 1, outputs: [], files: 'x', consulted: null }],
    ['an entry elsewhere', { format: 4, entry: '../../../evil.mjs', outputs: {}, files: {}, consulted: {} }],
  ])('is made anew where its index is %s', (_, index) => {
    const root = project()
    load(root)
    const path = bundleOf(root).index
    const sound = readFileSync(path, 'utf8')
    writeFileSync(path, JSON.stringify(index))
    expect(load(root)).toEqual([1, 'b'])
    expect(readFileSync(path, 'utf8')).toBe(sound)
  })

  it('does not lead to a file outside of the cache, though its index is right in all else', () => {
    const root = project()
    load(root)
    const { index } = bundleOf(root)
    const kept = JSON.parse(readFileSync(index, 'utf8'))
    const evil = 'export const value = 666; export const late = () => ({ b: "evil" })'
    writeFileSync(join(root, 'evil.mjs'), evil)
    const [own] = Object.values(kept.files)
    const outputs = { '../../../../evil.mjs': { size: evil.length, hash: own } }
    writeFileSync(index, JSON.stringify({ ...kept, entry: '../../../../evil.mjs', outputs }))
    expect(load(root)).toEqual([1, 'b'])
  })
})

describe('a cache that others can write', () => {
  it.each([
    ['.stack, as WSL shows it', '.stack', 0o777],
    ['.stack of a volume in Kubernetes', '.stack', 0o2775],
    ['.stack of a group', '.stack', 0o2770],
    ['the cache', '.stack/cache', 0o770],
    ['the cache of sources', '.stack/cache/source', 0o702],
  ])('is not read, and bundles go to a private directory: %s', (_, path, mode) => {
    const root = project()
    load(root)
    writeFileSync(bundleOf(root).entry, 'planted')
    chmodSync(join(root, path), mode)
    const TMPDIR = temporary()
    expect(load(root, { TMPDIR })).toEqual([1, 'b'])
    expect(readFileSync(bundleOf(root).entry, 'utf8')).toBe('planted')
    const [name = ''] = readdirSync(TMPDIR)
    expect(statSync(join(TMPDIR, name)).mode & 0o777).toBe(0o700)
  })

  it('in one bundle’s directory or file is not believed', () => {
    for (const which of ['directory', 'entry', 'index'] as const) {
      const root = project()
      load(root)
      const { [which]: path, entry } = bundleOf(root)
      const sound = readFileSync(entry, 'utf8')
      chmodSync(path, which === 'directory' ? 0o777 : 0o666)
      writeFileSync(entry, `${sound}//`)
      expect(load(root, { TMPDIR: temporary() })).toEqual([1, 'b'])
    }
  })
})

describe('a cache that cannot be written', () => {
  it.each([
    ['a file is in its place', (cache: string) => writeFileSync(cache, '')],
    ['a link to nothing is in its place', (cache: string) => symlinkSync('/none/none', cache)],
  ])('never fails: %s', (_, make) => {
    const root = project()
    make(join(root, '.stack/cache'))
    expect(load(root)).toEqual([1, 'b'])
  })

  it('never fails where a directory is in the way of a file', () => {
    const root = project()
    load(root)
    const { entry } = bundleOf(root)
    rmSync(entry)
    mkdirSync(join(entry, 'full'), { recursive: true })
    const TMPDIR = temporary()
    expect(load(root, { TMPDIR })).toEqual([1, 'b'])
    expect(readdirSync(TMPDIR)).toHaveLength(1)
  })

  it('has a code where no directory at all can be written', async () => {
    const root = project()
    chmodSync(join(root, '.stack'), 0o777)
    vi.stubEnv('TMPDIR', '/none/none')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(createSourceLoader({ projectRoot: root }).load('a.ts')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('/none/none'),
      hint: expect.stringContaining('Make the directory'),
    })
  })
})

describe.skipIf(strangers.missing)(`the private directory${strangers.reason}`, () => {
  it('is another one where somebody else made it', () => {
    for (const plant of [
      (path: string) => mkdirSync(path, { mode: 0o777 }),
      (path: string) => symlinkSync('/tmp', path),
      (path: string) => writeFileSync(path, ''),
    ]) {
      const root = project()
      chmodSync(join(root, '.stack'), 0o777)
      const TMPDIR = temporary()
      const planted = join(TMPDIR, `stack-source-${process.geteuid?.()}`)
      plant(planted)
      giveTo(stranger, planted)
      expect(load(root, { TMPDIR })).toEqual([1, 'b'])
      expect(readdirSync(TMPDIR)).toHaveLength(2)
    }
  })

  it.each([
    ['the user has no name', () => {}],
    ['root made one for the user', (path: string) => mkdirSync(path, { mode: 0o755 })],
  ])('is found where %s', (_, prepare) => {
    const root = project()
    chmodSync(root, 0o755)
    chmodSync(join(root, '.stack'), 0o777)
    const TMPDIR = temporary()
    chmodSync(TMPDIR, 0o1777)
    prepare(join(TMPDIR, `stack-source-${stranger}`))
    const loader = JSON.stringify(new URL('../../dist/host/index.js', import.meta.url).href)
    const program = `import { createSourceLoader } from ${loader}
console.log((await createSourceLoader({ projectRoot: ${JSON.stringify(root)} }).load('a.ts')).module.value)`
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR, STACK_SAFE_DIRECTORIES: '*' },
      uid: stranger,
      gid: stranger,
    })
    expect(text).toBe('1\n')
  })
})
