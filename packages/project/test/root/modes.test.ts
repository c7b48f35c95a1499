/** Who may use what a project keeps. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { giveTo, stranger, strangers } from '@stack/test-owners'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findProject, initProject, requireOwnProject } from '../../src/index.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'

function withUmask(umask: number): void {
  const before = process.umask(umask)
  onTestFinished(() => void process.umask(before))
}

/** Every path below `.stack/` with its mode, while its database is open. */
async function modesOf(root: string): Promise<Readonly<Record<string, string>>> {
  const project = await openTestProject(root)
  await project.components.copy('artifact-store', 'default', 'mine')
  await project.stacks.setActive('default')
  project.registry.rows()
  const paths = ['', ...readdirSync(join(root, '.stack'), { recursive: true, encoding: 'utf8' })]
  return Object.fromEntries(
    paths.map((path) => [path, (statSync(join(root, '.stack', path)).mode & 0o7777).toString(8)]),
  )
}

describe('a new project', () => {
  it.each([0o000, 0o022, 0o077])('is of its user alone, whatever the umask: %o', async (umask) => {
    withUmask(umask)
    const root = temporaryDirectory()
    await initProject(root)
    expect(await modesOf(root)).toEqual({
      '': '700',
      '.gitignore': '600',
      'project.db': '600',
      'project.db-wal': '600',
      'project.db-shm': '600',
      'active-stack': '600',
      cache: '700',
      'cache/flavors.json': '600',
    })
  })

  it('is so too where the first write makes it, and leaves the directory around it as others', async () => {
    withUmask(0o022)
    const root = join(temporaryDirectory(), 'new')
    mkdirSync(root)
    await modesOf(root)
    expect(statSync(join(root, '.stack')).mode & 0o7777).toBe(0o700)
    expect(statSync(root).mode & 0o777).toBe(0o755)
    await initProject(join(root, 'deeper'))
    expect(statSync(join(root, 'deeper')).mode & 0o777).toBe(0o755)
  })

  it.each([0o022, 0o077])('for a group can be read and written by it, whatever the umask: %o', async (umask) => {
    withUmask(umask)
    const root = temporaryDirectory()
    expect(await initProject(root, { shared: true })).toEqual({ root, created: true })
    // A cache that others can write is not used, and so not made.
    expect(await modesOf(root)).toEqual({
      '': '2770',
      '.gitignore': '660',
      'project.db': '660',
      'project.db-wal': '660',
      'project.db-shm': '660',
      'active-stack': '660',
    })
    expect(await initProject(root, { shared: true })).toEqual({ root, created: false })
  })
})

describe('a .stack/ that exists', () => {
  it.each([0o755, 0o777, 0o2775, 0o700])('keeps its mode, and its files theirs: %o', async (mode) => {
    withUmask(0o022)
    const root = temporaryDirectory()
    await initProject(root)
    writeFileSync(join(root, '.stack/active-stack'), 'default-stack\n')
    for (const name of ['active-stack', 'project.db']) chmodSync(join(root, '.stack', name), 0o664)
    chmodSync(join(root, '.stack'), mode)
    await initProject(root)
    expect(await modesOf(root)).toMatchObject({
      '': mode.toString(8),
      'active-stack': '664',
      'project.db': '664',
      '.gitignore': '600',
    })
  })

  it('is not made a group’s, and says how a person does it', async () => {
    const root = temporaryDirectory()
    await initProject(root)
    await expect(initProject(root, { shared: true })).rejects.toMatchObject({
      code: 'already-exists',
      hint: expect.stringContaining('chmod -R g+rwX'),
    })
    expect(statSync(join(root, '.stack')).mode & 0o7777).toBe(0o700)
  })

  it('of a group, without a database, is given one of the group', async () => {
    withUmask(0o077)
    const root = temporaryDirectory()
    mkdirSync(join(root, '.stack'))
    chmodSync(join(root, '.stack'), 0o2770)
    await initProject(root)
    expect(statSync(join(root, '.stack/project.db')).mode & 0o777).toBe(0o660)
  })
})

describe('the choice of the active stack', () => {
  it.each([
    ['garbage', '\0\u001b[2J$(id)'],
    ['a megabyte', 'a'.repeat(2 ** 20)],
    ['words', 'default stack'],
  ])('that is %s is a stack that is gone, and can be made anew', async (_, text) => {
    const root = temporaryDirectory()
    const project = await openTestProject(root)
    await project.stacks.setActive('default')
    writeFileSync(join(root, '.stack/active-stack'), text)
    await expect(project.stacks.active()).rejects.toMatchObject({ code: 'not-found' })
    expect(await project.stacks.list()).toHaveLength(1)
    await project.stacks.setActive('default')
    expect((await project.stacks.active()).stack.name).toBe('default')
  })

  it('that is a directory has a code, and leaves nothing behind', async () => {
    const root = temporaryDirectory()
    const project = await openTestProject(root)
    await project.stacks.setActive('default')
    const file = join(root, '.stack/active-stack')
    const text = readFileSync(file, 'utf8')
    expect(text).toBe('default-stack\n')
    const other = temporaryDirectory()
    const second = await openTestProject(other)
    await second.components.copy('artifact-store', 'default', 'mine')
    mkdirSync(join(other, '.stack/active-stack'))
    await expect(second.stacks.active()).rejects.toMatchObject({ code: 'not-found' })
    await expect(second.stacks.setActive('default')).rejects.toMatchObject({ code: 'is-a-directory' })
    expect(readdirSync(join(other, '.stack')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe.skipIf(strangers.missing)(`a directory that nobody gave by name${strangers.reason}`, () => {
  const refused = expect.objectContaining({ code: 'permission-denied' })

  it.each(['package.json', 'node_modules', 'tsconfig.json', 'jsconfig.json', 'pnpm-workspace.yaml'])(
    'is refused where a third user put a %s into it',
    (name) => {
      const root = temporaryDirectory()
      writeFileSync(join(root, name), '{}')
      giveTo(stranger, join(root, name))
      expect(() => findProject({ cwd: root, env: {} })).toThrow(refused)
      expect(() => requireOwnProject(root, {})).toThrow(refused)
      expect(findProject({ cwd: '/', env: {}, project: root })).toMatchObject({ root })
      // What belongs to the owner of the directory is as good as the directory.
      giveTo(stranger, root)
      expect(findProject({ cwd: root, env: {} })).toMatchObject({ root, initialised: false })
    },
  )

  it('may be one that is gone', () => {
    const root = join(temporaryDirectory(), 'gone')
    expect(existsSync(root)).toBe(false)
    expect(findProject({ cwd: root, env: {} })).toMatchObject({ root, initialised: false })
  })
})
