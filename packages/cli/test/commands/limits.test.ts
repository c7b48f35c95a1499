/** Too few files that may be open, and disks that are full: a code and a way out, never `unexpected`. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { linkPackages, makeDirectory, program, stack } from '../program.js'

const files = {
  'p.ts': `import { pipeline, step } from '@stack/pipelines'
export const p = pipeline({ name: 'p', run: () => step({ name: 's', run: () => 1 })() })`,
  'package.json': '{ "type": "module" }',
}

describe.skipIf(process.platform === 'win32')('40 files that may be open', () => {
  it('are enough, or are said to be too few', async () => {
    const root = makeDirectory(files)
    linkPackages(root)
    await stack(root, ['init'])
    for (const [limit, argv] of [
      [40, ['list']],
      [40, ['run', 'p.ts']],
      [48, ['run', 'p.ts']],
    ] as const) {
      rmSync(join(root, '.stack/cache'), { recursive: true, force: true })
      const { status, json } = limited(root, limit, argv)
      if (status === 0) continue
      expect([argv, limit, status, json.error]).toEqual([
        argv,
        limit,
        8,
        expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('too many files are open') }),
      ])
      expect(json.error?.hint).toContain('ulimit')
    }
    expect((await stack(root, ['run', 'p.ts'])).exitCode).toBe(0)
  }, 60_000)
})

function limited(cwd: string, limit: number, argv: readonly string[]) {
  const script = `ulimit -n ${limit} && "$0" "$@"; echo " $?"`
  const text = execFileSync('sh', ['-c', script, process.execPath, program, ...argv, '--json'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const end = text.trimEnd().lastIndexOf(' ')
  const json = JSON.parse(text.slice(0, end)) as { readonly error?: { readonly code: string; readonly hint: string } }
  return { status: Number(text.slice(end)), json }
}

const permitted = mayMount()
const reason = permitted ? '' : ' (skipped here: mounting a small disk is not permitted)'

describe.skipIf(!permitted)(`a full disk${reason}`, () => {
  /** A project on a disk of one MiB, of which some KiB are left. */
  function projectOn(left: number, prepare: (root: string) => void = () => {}): string {
    const root = mountSmallDisk()
    onTestFinished(() => unmount(root))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
    linkPackages(root)
    execFileSync(process.execPath, [program, 'init'], { cwd: root, stdio: 'ignore' })
    prepare(root)
    const { bavail, bsize } = statfsSync(root)
    writeFileSync(join(root, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - left * 1024)))
    return root
  }

  it('keeps bundles and other caches from being written there, which fails no command', async () => {
    const root = projectOn(0)
    for (const argv of [['list'], ['flavor', 'list'], ['run', 'p.ts', '--dry-run']]) {
      const { exitCode, stderr } = await stack(root, argv, { TMPDIR: makeDirectory() })
      expect([argv, exitCode, stderr.includes('error')]).toEqual([argv, 0, false])
    }
    const left = readdirSync(join(root, '.stack'), { recursive: true, encoding: 'utf8' })
    expect(left.filter((name) => /\.tmp$|\.mjs$/.test(name))).toEqual([])
  })

  it('has a code where no bundle can be written anywhere', async () => {
    const root = projectOn(0, (at) => mkdirSync(join(at, 'tmp')))
    chmodSync(join(root, 'tmp'), 0o1777)
    const { exitCode, json } = await stack(root, ['run', 'p.ts', '--json'], { TMPDIR: join(root, 'tmp') })
    expect([exitCode, json().error?.code]).toEqual([8, 'no-space'])
    expect(json().error?.hint).toContain('space')
  })

  it.each([0, 8, 40, 80])(
    'ends a command that records something as no-space, and loses nothing: %d KiB left',
    async (left) => {
      const root = projectOn(left)
      const TMPDIR = makeDirectory()
      for (const argv of [
        ['artifact-store', 'register', 'mine', '--flavor=local', `--path=${TMPDIR}`],
        ['run', 'p.ts'],
        ['set', 'default'],
        ['init'],
      ]) {
        const { exitCode, json } = await stack(root, [...argv, '--json'], { TMPDIR })
        if (exitCode !== 0) expect([argv, exitCode, json().error?.code]).toEqual([argv, 8, 'no-space'])
      }
      rmSync(join(root, 'filler'))
      expect((await stack(root, ['run', 'p.ts'], { TMPDIR })).exitCode).toBe(0)
      expect((await stack(root, ['list', '-q'], { TMPDIR })).stdout).toBe('default\n')
    },
  )

  it('cannot be made a project', async () => {
    const root = projectOn(0, (at) => rmSync(join(at, '.stack'), { recursive: true }))
    const { exitCode, json } = await stack(root, ['init', '--json'])
    expect([exitCode, json().error?.code]).toEqual([8, 'no-space'])
    rmSync(join(root, 'filler'))
    expect((await stack(root, ['init'])).exitCode).toBe(0)
    expect(existsSync(join(root, '.stack/project.db'))).toBe(true)
  })
})

function mayMount(): boolean {
  try {
    unmount(mountSmallDisk())
    return true
  } catch {
    return false
  }
}

function mountSmallDisk(): string {
  const path = makeDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
  return path
}

function unmount(path: string): void {
  execFileSync('umount', [path])
}
