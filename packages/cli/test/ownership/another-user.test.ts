/** What another user put above or around the directory of a command never runs as the user who called it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { giveTo, stranger, strangers } from '@stack/test-owners'
import { describe, expect, it } from 'vitest'
import { flavorPackage } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const { missing, reason } = strangers
/** Who calls the program. */
const user = 65_534

/** A directory as /tmp is: everybody may put things into it. */
function everybodys(): string {
  const directory = makeDirectory()
  chmodSync(directory, 0o1777)
  return directory
}

/** Puts files into a directory that belong to somebody. */
function plant(uid: number, directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  for (const path of new Set(Object.keys(files).map((path) => path.split('/')[0] ?? '')))
    giveTo(uid, join(directory, path))
}

/** A directory of the user's own below another. */
function own(above: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = join(above, 'own')
  mkdirSync(directory, { recursive: true })
  plant(user, directory, files)
  giveTo(user, directory)
  return directory
}

/** Leaves a trace where it runs, and says as whom. */
function planted(above: string): { readonly code: string; readonly hasRun: () => boolean } {
  const trace = join(above, 'it-ran')
  return {
    code: `require('node:fs').writeFileSync(${JSON.stringify(trace)}, String(process.getuid()))`,
    hasRun: () => existsSync(trace),
  }
}

const pipeline = `import { pipeline, step } from '@stack/pipelines'
export const p = pipeline({ name: 'p', run: () => step({ name: 's', run: () => 1 })() })`

const commands = [
  ['list'],
  ['set', 'default'],
  ['runs', 'list'],
  ['artifact', 'list'],
  ['flavor', 'list'],
  ['artifact-store', 'register', 'x', '--flavor=local', '--path=./x'],
  ['run', 'p.ts'],
]

describe.skipIf(missing)(`a .stack of another user${reason}`, () => {
  it.each([
    ['above', (above: string) => own(above)],
    ['in the current directory', (above: string) => above],
  ])(
    '%s is refused to every command, as an ordinary user and as root',
    async (_, place) => {
      const above = everybodys()
      plant(stranger, above, { '.stack/cache/source/x': '' })
      const cwd = place(above)
      for (const argv of [...commands, ...(cwd === above ? [['init']] : [])]) {
        for (const uid of [user, 0]) {
          const { exitCode, json } = await stack(cwd, [...argv, '--json'], {}, { uid })
          expect([argv, exitCode, json().error?.code]).toEqual([argv, 4, 'permission-denied'])
          expect(json().error?.message).toContain(`uid ${stranger}`)
          expect(json().error?.hint).toMatch(/--project .*STACK_PROJECT.*STACK_SAFE_DIRECTORIES/)
        }
      }
    },
    120_000,
  )

  it('is used by the ways out: named by a flag or the environment, or listed as safe', async () => {
    const above = everybodys()
    expect((await stack(above, ['init'], {}, { uid: stranger })).exitCode).toBe(0)
    const cwd = own(above)
    const list = async (argv: readonly string[], env = {}, uid = 0) => {
      const { exitCode } = await stack(cwd, ['list', ...argv], env, { uid })
      return exitCode
    }
    expect(await list([])).toBe(4)
    expect(await list(['--project', above])).toBe(0)
    expect(await list(['--project=..'])).toBe(0)
    expect(await list([], { STACK_PROJECT: above })).toBe(0)
    expect(await list([], { STACK_SAFE_DIRECTORIES: `/none:${above}/` })).toBe(0)
    expect(await list([], { STACK_SAFE_DIRECTORIES: '*' })).toBe(0)
    expect(await list([], { STACK_SAFE_DIRECTORIES: '..' })).toBe(4)
    expect(await list([], { STACK_PROJECT: '' })).toBe(4)
    writeFileSync(join(cwd, '.env'), 'STACK_SAFE_DIRECTORIES=*')
    expect(await list([])).toBe(4)
    // As the user who owns it, and as root who is that user by sudo; SUDO_UID helps nobody else.
    expect(await list([], {}, stranger)).toBe(0)
    expect(await list([], { SUDO_UID: String(stranger) })).toBe(0)
    expect(await list([], { SUDO_UID: String(stranger) }, user)).toBe(4)
    expect(await list([], { SUDO_UID: 'root' })).toBe(4)
  })

  it('is refused behind a link of one’s own, and one’s own behind a link of theirs', async () => {
    const above = everybodys()
    const theirs = makeDirectory()
    plant(stranger, theirs, { '.stack/cache/x': '' })
    const cwd = own(above)
    symlinkSync(join(theirs, '.stack'), join(cwd, '.stack'))
    giveTo(user, cwd)
    expect((await stack(cwd, ['list'], {}, { uid: user })).exitCode).toBe(4)
    const mine = makeDirectory()
    plant(user, mine, { '.stack/cache/x': '' })
    symlinkSync(join(mine, '.stack'), join(above, '.stack'))
    giveTo(stranger, join(above, '.stack'))
    expect((await stack(above, ['list'], {}, { uid: user })).exitCode).toBe(4)
  })

  it('that is a file, or a link to nothing, is no project', async () => {
    for (const make of [(path: string) => writeFileSync(path, ''), (path: string) => symlinkSync('/none', path)]) {
      const above = everybodys()
      make(join(above, '.stack'))
      giveTo(stranger, join(above, '.stack'))
      expect((await stack(own(above), ['list', '-q'], {}, { uid: user })).stdout).toBe('default\n')
    }
  })

  it('of root is used by everybody', async () => {
    const above = everybodys()
    await stack(above, ['init'])
    chmodSync(join(above, '.stack'), 0o755)
    for (const ending of ['', '-wal', '-shm']) {
      const file = join(above, `.stack/project.db${ending}`)
      if (existsSync(file)) chmodSync(file, 0o644)
    }
    expect((await stack(own(above), ['list', '-q'], {}, { uid: user })).stdout).toBe('default\n')
  })
})

describe.skipIf(missing)(`code of another user above${reason}`, () => {
  const programOf = (code: string) => ({
    'node_modules/@stack/cli/package.json': '{ "name": "@stack/cli", "bin": { "stack": "./stack.cjs" } }',
    'node_modules/@stack/cli/stack.cjs': code,
  })

  it('is not handed over to', async () => {
    const above = everybodys()
    const { code, hasRun } = planted(above)
    plant(stranger, above, programOf(code))
    for (const cwd of [own(above), above]) {
      for (const argv of [['list'], ['--help'], ['version']]) {
        const { exitCode, stderr } = await stack(cwd, argv, {}, { uid: user })
        expect(exitCode).toBe(4)
        expect(stderr).toContain(`uid ${stranger}`)
        const { json } = await stack(cwd, [...argv, '--json'], {}, { uid: user })
        expect(json().error?.code).toBe('permission-denied')
      }
    }
    // Found above what was named is found all the same.
    expect((await stack(above, ['list', '--project', own(above)], {}, { uid: user })).exitCode).toBe(4)
    expect(hasRun()).toBe(false)
    await stack(own(above), ['list', '--project', above], {}, { uid: user })
    expect(hasRun()).toBe(true)
  })

  it.each([
    ['runs list', ['runs', 'list']],
    ['run', ['run', 'p.ts']],
  ])('is not loaded as @stack/pipelines by %s, in the current directory neither', async (_, argv) => {
    const above = everybodys()
    const { code, hasRun } = planted(above)
    plant(stranger, above, {
      'node_modules/@stack/pipelines/package.json':
        '{ "name": "@stack/pipelines", "exports": { "./host": "./host.cjs" } }',
      'node_modules/@stack/pipelines/host.cjs': code,
    })
    const cwd = own(above, { 'p.ts': pipeline, 'package.json': '{}' })
    for (const place of [cwd, above]) {
      const { exitCode } = await stack(place, argv, {}, { uid: user })
      expect(exitCode).toBe(4)
    }
    expect(hasRun()).toBe(false)
    await stack(cwd, argv, { STACK_SAFE_DIRECTORIES: above }, { uid: user })
    expect(hasRun()).toBe(true)
  })

  it.each([
    [
      'a package that a pipeline imports',
      { 'node_modules/helper/package.json': '{ "main": "i.js" }', 'node_modules/helper/i.js': '%' },
    ],
    ['one without a package.json', { 'node_modules/helper/index.js': '%' }],
    ['one that is a file', { 'node_modules/helper.js': '%' }],
    [
      'a tsconfig with paths',
      {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "helper": ["./evil/helper.cjs"] } } }',
        'evil/helper.cjs': '%',
      },
    ],
    [
      'a jsconfig with paths',
      {
        'jsconfig.json': '{ "compilerOptions": { "paths": { "helper": ["./evil/helper.cjs"] } } }',
        'evil/helper.cjs': '%',
      },
    ],
  ])('is not bundled: %s', async (_, files) => {
    const above = everybodys()
    const { code, hasRun } = planted(above)
    plant(
      stranger,
      above,
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text === '%' ? code : text])),
    )
    const cwd = own(above, { 'p.ts': `import 'helper'\n${pipeline}`, 'package.json': '{}' })
    linkPackages(cwd)
    const { exitCode, json } = await stack(cwd, ['run', 'p.ts', '--json'], {}, { uid: user })
    expect([exitCode, json().error?.code]).toEqual([4, 'permission-denied'])
    expect(hasRun()).toBe(false)
    await stack(cwd, ['run', 'p.ts'], { STACK_SAFE_DIRECTORIES: above }, { uid: user })
    expect(hasRun()).toBe(true)
  })

  it('is not reached by an import of a package that is missing, from a bundle in the temporary directory', async () => {
    const above = everybodys()
    const { code, hasRun } = planted(above)
    plant(stranger, above, { 'node_modules/optional/index.js': code })
    // The bundle goes to TMPDIR, above which the package stands; the project is elsewhere.
    const cwd = own(everybodys(), {
      'p.ts': `import { createRequire } from 'node:module'
export const found: unknown[] = []
for (const load of [() => import('optional'), async () => require('optional')]) await load().catch((error) => found.push(error.code))
if (found.join() !== 'ERR_MODULE_NOT_FOUND,MODULE_NOT_FOUND') throw new Error(found.join())
${pipeline}`,
      'package.json': '{ "type": "module" }',
    })
    linkPackages(cwd)
    plant(user, cwd, { '.stack/x': '' })
    chmodSync(join(cwd, '.stack'), 0o777)
    const temporary = join(above, 'tmp')
    mkdirSync(temporary)
    chmodSync(temporary, 0o1777)
    const { exitCode, stderr } = await stack(cwd, ['run', 'p.ts'], { TMPDIR: temporary }, { uid: user })
    expect(stderr).toContain('completed')
    expect([exitCode, hasRun()]).toEqual([0, false])
  })

  it('is not a flavor', async () => {
    const above = everybodys()
    plant(stranger, above, flavorPackage({}))
    const cwd = own(above, { 'package.json': '{ "dependencies": { "flavor-s3": "1" } }' })
    for (const argv of [
      ['flavor', 'list'],
      ['artifact-store', 'register', 'x', '--flavor=s3', '--path=s3://a'],
    ]) {
      expect((await stack(cwd, argv, {}, { uid: user })).exitCode).toBe(4)
    }
    expect(
      (await stack(cwd, ['flavor', 'list', '-q'], { STACK_SAFE_DIRECTORIES: above }, { uid: user })).stdout,
    ).toContain('s3')
  })

  it('is not the package whose schemas are generated', async () => {
    const above = everybodys()
    const { code, hasRun } = planted(above)
    plant(stranger, above, { 'package.json': '{ "name": "x", "exports": "./x.cjs" }', 'x.cjs': code })
    expect((await stack(above, ['flavor', 'generate'], {}, { uid: user })).exitCode).toBe(4)
    expect(hasRun()).toBe(false)
    await stack(above, ['flavor', 'generate', '--project', '.'], {}, { uid: user })
    expect(hasRun()).toBe(true)
  })

  it('is no matter where nothing of it would be used', async () => {
    const above = everybodys()
    plant(stranger, above, { 'package.json': '{}', 'tsconfig.json': '{}', 'node_modules/left-pad/package.json': '{}' })
    const cwd = own(above, { 'p.ts': pipeline, 'package.json': '{}', 'tsconfig.json': '{}' })
    linkPackages(cwd)
    expect((await stack(cwd, ['run', 'p.ts', '-q'], {}, { uid: user })).exitCode).toBe(0)
  })
})

describe.skipIf(missing)(`a project of another user that root is called in${reason}`, () => {
  it('is used without a .stack of its own, as a container does with a mounted volume', async () => {
    const root = makeDirectory({ 'p.ts': pipeline, 'package.json': '{ "type": "module" }' })
    linkPackages(root)
    giveTo(stranger, root)
    expect((await stack(root, ['init'])).exitCode).toBe(0)
    expect((await stack(root, ['run', 'p.ts'])).exitCode).toBe(0)
    expect((await stack(root, ['runs', 'list', '-q'])).stdout).toMatch(/^\d{8}-/)
  })

  it('has caches that root does not read, and nothing fails', async () => {
    const root = makeDirectory({ 'p.ts': pipeline, 'package.json': '{ "type": "module" }' })
    linkPackages(root)
    giveTo(stranger, root)
    for (const argv of [
      ['run', 'p.ts'],
      ['flavor', 'list'],
    ])
      await stack(root, argv, {}, { uid: stranger })
    const cache = join(root, '.stack/cache/flavors.json')
    const text = readFileSync(cache, 'utf8')
    expect((await stack(root, ['run', 'p.ts', '--project', '.'])).exitCode).toBe(0)
    expect(readFileSync(cache, 'utf8')).toBe(text)
  })
})

describe.skipIf(missing)(`a project that a group shares${reason}`, () => {
  it('is worked on by each member who asked for it, whatever the umask', async () => {
    const group = 54_400
    const root = makeDirectory({ 'p.ts': pipeline, 'package.json': '{ "type": "module" }' })
    linkPackages(root)
    giveTo(0, root, group)
    chmodSync(root, 0o2775)
    const [anna, ben] = [
      { uid: stranger, gid: group },
      { uid: user, gid: group },
    ]
    const safe = { STACK_SAFE_DIRECTORIES: root }
    expect((await stack(root, ['init', '--shared'], {}, anna)).exitCode).toBe(0)
    expect((await stack(root, ['list'], {}, ben)).exitCode).toBe(4)
    for (const member of [anna, ben, anna]) {
      const { exitCode, stderr } = await stack(root, ['run', 'p.ts'], safe, member)
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('completed')])
      expect((await stack(root, ['set', 'default'], safe, member)).exitCode).toBe(0)
    }
    expect((await stack(root, ['runs', 'list', '-q'], safe, ben)).stdout.trim().split('\n')).toHaveLength(3)
    expect((await stack(root, ['artifact', 'get', 'p/s/output'], safe, ben)).stdout).toBe('1')
    expect((await stack(root, ['list', '--project', '.'], {}, { uid: 54_333 })).exitCode).toBe(4)
  }, 120_000)
})
