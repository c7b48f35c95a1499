import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { createSourceLoader } from '../../src/source/create-source-loader.js'

const workspace = fileURLToPath(new URL('../../../../', import.meta.url))
const roots: string[] = []

afterEach(async () => {
  for (const root of roots.splice(0)) {
    await chmod(root, 0o755)
    await rm(root, { recursive: true, force: true })
  }
})

/** A project with these files, and @stack/core and @stack/pipelines installed. */
async function project(files: Record<string, string>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'stack-source-test-')))
  roots.push(root)
  await mkdir(join(root, 'node_modules/@stack'), { recursive: true })
  await mkdir(join(root, '.stack'))
  for (const name of ['core', 'pipelines']) {
    await symlink(join(workspace, 'packages', name), join(root, 'node_modules/@stack', name))
  }
  await write(root, files)
  return root
}

async function write(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
}

async function load(root: string, file: string): Promise<Record<string, unknown>> {
  return (await createSourceLoader({ projectRoot: root }).load(join(root, file))).module as Record<string, unknown>
}

describe('the source loader', () => {
  it('loads TypeScript with everything of the user’s it imports, and says what it was made of', async () => {
    const files = {
      'a.ts': 'import { b } from "./lib/b.js"\nimport data from "./data.json"\nexport const a: number = b + data.n',
      'lib/b.ts': 'interface B { b: number }\nexport const b = ({ b: 1 } satisfies B).b',
      'data.json': '{ "n": 2 }',
    }
    const root = await project(files)
    const loaded = await createSourceLoader({ projectRoot: root }).load('a.ts')
    expect(loaded.module.a).toBe(3)
    const hashes = Object.entries(files).map(([name, text]) => [
      join(root, name),
      `sha256:${createHash('sha256').update(text).digest('hex')}`,
    ])
    expect(loaded.files).toEqual(Object.fromEntries(hashes))
  })

  it('tells each module its own place', async () => {
    const place =
      'export const place = [import.meta.url, import.meta.dirname, import.meta.filename, __dirname, __filename]\n'
    const root = await project({
      'a.ts': `${place}export * as inner from "./lib/b"`,
      'lib/b.ts': `#!/usr/bin/env node\n// import.meta.url\n${place}`,
    })
    const { place: outer, inner } = await load(root, 'a.ts')
    const expected = (file: string) => {
      const path = join(root, file)
      return [pathToFileURL(path).href, dirname(path), path, dirname(path), path]
    }
    expect(outer).toEqual(expected('a.ts'))
    expect((inner as { place: unknown }).place).toEqual(expected('lib/b.ts'))
  })

  it('keeps dynamic imports lazy', async () => {
    const root = await project({
      'a.ts': 'export const late = () => import("./late")',
      'late.ts': '(globalThis as { late?: number }).late = 1\nexport const value = 2',
    })
    const { late } = (await load(root, 'a.ts')) as { late: () => Promise<{ value: number }> }
    expect('late' in globalThis).toBe(false)
    expect((await late()).value).toBe(2)
    expect('late' in globalThis).toBe(true)
    Reflect.deleteProperty(globalThis, 'late')
  })

  it('shares packages with whoever else imports them', async () => {
    const root = await project({ 'a.ts': 'export { StackError, z } from "@stack/core"' })
    const { StackError } = await load(root, 'a.ts')
    const url = pathToFileURL(join(workspace, 'packages/core/dist/index.js')).href
    const core = (await import(/* @vite-ignore */ url)) as { StackError: unknown }
    expect(StackError).toBe(core.StackError)
  })

  it('leaves a project its own zod beside ours', async () => {
    const root = await project({
      'package.json': '{ "dependencies": { "zod": "^3.0.0" } }',
      'a.ts':
        'import { version } from "zod"\nimport { z } from "@stack/core"\nexport const seen = [version, typeof z.strictObject]',
      'node_modules/zod/package.json': '{ "name": "zod", "version": "3.25.0", "main": "index.js" }',
      'node_modules/zod/index.js': 'const make = () => { exports.version = "3" }\nmake()',
    })
    expect((await load(root, 'a.ts')).seen).toEqual(['3', 'function'])
  })

  it.each(['{}', '{ "type": "commonjs" }', '{ "type": "module" }'])('works in a project of %s', async (description) => {
    const root = await project({
      'package.json': description,
      'a.ts':
        'import { pipeline, step } from "@stack/pipelines"\nimport { b } from "./b"\nexport const p = pipeline({ name: "p", run: () => b() })',
      'b.ts': 'import { step } from "@stack/pipelines"\nexport const b = step({ name: "b", run: () => 1 })',
    })
    const { p } = (await load(root, 'a.ts')) as { p: { name: string } }
    expect(p.name).toBe('p')
  })

  it('loads files of every kind', async () => {
    const root = await project({
      'a.mts':
        'import { b } from "./b.cjs"\nimport { c } from "./c.mjs"\nimport { d } from "./d.cts"\nimport { e } from "./e.js"\nexport const all = [b, c, d, e]',
      'b.cjs':
        'const { join } = require("node:path")\nconst pad = require("pad")\nexports.b = join("b", pad.name, typeof require.resolve("pad"))',
      'c.mjs': 'export const c = await Promise.resolve("c")',
      'd.cts': 'const d: string = "d"\nexport = { d }',
      'e.js': 'export const e = "e"',
      'node_modules/pad/package.json':
        '{ "name": "pad", "exports": { "import": "./none.mjs", "require": "./index.cjs" } }',
      'node_modules/pad/index.cjs': 'exports.name = "pad"',
    })
    expect((await load(root, 'a.mts')).all).toEqual(['b/pad/string', 'c', 'd', 'e'])
  })

  it('finds every name of a CommonJS package, and its default as the project’s kind has it', async () => {
    const files = {
      'a.ts': 'import pad, { left } from "pad"\nexport const seen = [left, pad.left ?? pad]',
      'node_modules/pad/package.json': '{ "name": "pad" }',
      'node_modules/pad/index.js':
        'module.exports = Object.fromEntries([["left", 1], ["default", 2], ["__esModule", true]])',
    }
    expect((await load(await project({ 'package.json': '{ "type": "module" }', ...files }), 'a.ts')).seen).toEqual([
      1, 1,
    ])
    expect((await load(await project({ 'package.json': '{}', ...files }), 'a.ts')).seen).toEqual([1, 2])
  })

  it('follows the paths of a tsconfig, and notices when they change', async () => {
    const tsconfig = (to: string) =>
      `{ "extends": "./base.json", /* */ "compilerOptions": { "paths": { "@/*": ["./${to}/*"] } } }`
    const root = await project({
      'tsconfig.json': tsconfig('one'),
      'base.json': '{}',
      'a.ts': 'export { x } from "@/x"',
      'one/x.ts': 'export const x = 1',
      'two/x.js': 'export const x = 2',
    })
    expect((await load(root, 'a.ts')).x).toBe(1)
    await write(root, { 'tsconfig.json': tsconfig('two') })
    expect((await load(root, 'a.ts')).x).toBe(2)
  })

  it('bundles the TypeScript of a workspace’s packages, with their own dependencies', async () => {
    const root = await project({
      'packages/lib/package.json':
        '{ "name": "lib", "type": "module", "exports": { ".": "./src/index.ts", "./built": "./dist/built.js" } }',
      'packages/lib/src/index.ts': 'import { n } from "dep"\nexport const lib: number = n',
      'packages/lib/dist/built.js': 'export const url = import.meta.url',
      'packages/lib/node_modules/dep/package.json': '{ "name": "dep", "type": "module", "exports": "./dep.js" }',
      'packages/lib/node_modules/dep/dep.js': 'export const n = 5',
      'a.ts': 'export { lib } from "lib"\nexport { url } from "lib/built"',
    })
    await symlink(join(root, 'packages/lib'), join(root, 'node_modules/lib'))
    const { module, files } = await createSourceLoader({ projectRoot: root }).load(join(root, 'a.ts'))
    expect(module.lib).toBe(5)
    expect(module.url).toBe(pathToFileURL(join(root, 'packages/lib/dist/built.js')).href)
    expect(Object.keys(files).sort()).toEqual([join(root, 'a.ts'), join(root, 'packages/lib/src/index.ts')])
  })

  it('notices a package that was replaced', async () => {
    const root = await project({
      'a.ts': 'export { n } from "dep"',
      'node_modules/dep/package.json': '{ "name": "dep", "type": "module", "exports": "./one.js" }',
      'node_modules/dep/one.js': 'export const n = 1',
      'node_modules/dep/two.js': 'export const n = 2',
    })
    expect((await load(root, 'a.ts')).n).toBe(1)
    await write(root, { 'node_modules/dep/package.json': '{ "name": "dep", "type": "module", "exports": "./two.js" }' })
    expect((await load(root, 'a.ts')).n).toBe(2)
  })

  it('loads a changed file anew, and an unchanged one as the same module', async () => {
    const root = await project({ 'a.ts': 'export { b } from "./b"', 'b.ts': 'export const b = [1]' })
    const loader = createSourceLoader({ projectRoot: root })
    const first = (await loader.load(join(root, 'a.ts'))).module
    expect((await loader.load(join(root, 'a.ts'))).module).toBe(first)
    await write(root, { 'b.ts': 'export const b = [2]' })
    expect((await loader.load(join(root, 'a.ts'))).module.b).toEqual([2])
  })

  it('removes what it made of earlier contents a day later', async () => {
    const root = await project({ 'a.ts': 'export const a = 1' })
    await load(root, 'a.ts')
    const cache = join(root, '.stack/cache/source')
    const outputs = async () => (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.mjs'))
    const [old = ''] = await outputs()
    await write(root, { 'a.ts': 'export const a = 2' })
    await load(root, 'a.ts')
    expect(await outputs()).toContain(old)
    await utimes(join(cache, old), 1, 1)
    await write(root, { 'a.ts': 'export const a = 3' })
    expect((await load(root, 'a.ts')).a).toBe(3)
    expect(await outputs()).not.toContain(old)
    expect(await outputs()).toHaveLength(2)
  })

  it('starts the bundler only where something changed', async () => {
    const root = await project({ 'a.ts': 'export const a: number = 1' })
    await load(root, 'a.ts')
    const script = `
      import { createSourceLoader } from '@stack/pipelines/host'
      const { module } = await createSourceLoader({ projectRoot: process.cwd() }).load('a.ts')
      console.log(module.a)
    `
    await write(root, { 'go.mjs': script })
    const run = () =>
      execFileSync(process.execPath, ['go.mjs'], {
        cwd: root,
        env: { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: join(root, 'none.node') },
        stdio: 'pipe',
      }).toString()
    expect(run()).toBe('1\n')
    await write(root, { 'a.ts': 'export const a: number = 2' })
    expect(run).toThrow()
  })

  it('makes no .stack/, and works where it can write nothing', async () => {
    const root = await project({ 'a.ts': 'export { z } from "@stack/core"\nexport const a = 1' })
    await rm(join(root, '.stack'), { recursive: true })
    await chmod(root, 0o555)
    expect((await load(root, 'a.ts')).a).toBe(1)
    expect(await readdir(root)).not.toContain('.stack')
  })

  it('leaves an optional package that is not installed until it is reached', async () => {
    const root = await project({
      'a.ts': 'export const optional = () => import("not-installed").catch((error) => error.code)',
    })
    const { optional } = (await load(root, 'a.ts')) as { optional: () => Promise<string> }
    expect(await optional()).toBe('ERR_MODULE_NOT_FOUND')
  })

  it('leaves a package that only lazily imported code needs until that code is reached', async () => {
    const root = await project({
      'flavor.ts': 'export const load = () => import("./store.js").catch((error) => error.code)',
      'store.ts': 'import { client } from "not-installed"\nexport const store = client',
    })
    const { load: reach } = (await load(root, 'flavor.ts')) as { load: () => Promise<string> }
    expect(await reach()).toBe('ERR_MODULE_NOT_FOUND')
  })

  it('tells of a missing package that the file itself needs, also where lazily imported code needs it too', async () => {
    const root = await project({
      'flavor.ts': 'import { config } from "./config.js"\nexport const load = () => [config, import("./store.js")]',
      'config.ts': 'import { client } from "not-installed"\nexport const config = client',
      'store.ts': 'import { client } from "not-installed"\nexport const store = client',
    })
    await expect(load(root, 'flavor.ts')).rejects.toMatchObject({
      code: 'source-error',
      hint: 'npm install not-installed',
    })
  })

  it('loads a file with spaces, parentheses and # in its path', async () => {
    const root = await project({
      'a (1)/b #2.ts': 'export const at = import.meta.url\nexport const fail = () => { throw new Error("x") }',
    })
    const { at, fail } = (await load(root, 'a (1)/b #2.ts')) as { at: string; fail: () => void }
    expect(at).toBe(pathToFileURL(join(root, 'a (1)/b #2.ts')).href)
    expect(fail).toThrow('x')
    expect((await thrownBy(root, 'a (1)/b #2.ts')).position).toEqual({
      file: join(root, 'a (1)/b #2.ts'),
      line: 2,
      column: 35,
    })
  })
})

interface ThrownError {
  readonly stack: string
  readonly position: { readonly file: string; readonly line: number; readonly column: number }
  readonly inner: readonly string[]
}

/** What `fail` of a file throws, in a process of its own: a test runner maps stacks by itself. */
async function thrownBy(root: string, file: string): Promise<ThrownError> {
  await write(root, {
    'fail.mjs': `
      import { createSourceLoader, firstPosition, mapStack } from '@stack/pipelines/host'
      const { module } = await createSourceLoader({ projectRoot: process.cwd() }).load(${JSON.stringify(file)})
      try {
        module.fail()
      } catch (error) {
        mapStack(error)
        mapStack(error)
        const inner = [error.cause, ...(error.errors ?? [])].filter(Boolean).map(({ stack }) => stack)
        console.log(JSON.stringify({ stack: error.stack, position: firstPosition(error), inner }))
      }
    `,
  })
  return JSON.parse(execFileSync(process.execPath, ['fail.mjs'], { cwd: root }).toString())
}

describe('an error', () => {
  it('in a file that does not compile names its place, its line and every other error', async () => {
    const root = await project({
      'a.ts': 'import "./lib/b"',
      'lib/b.ts': '// ä\n\tconst ä = "ä", x = = 1\n',
    })
    await expect(load(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: 'lib/b.ts:2:21 does not compile: unexpected token',
      problems: [{ path: 'lib/b.ts:2:21' }],
      details: {
        location: { file: join(root, 'lib/b.ts'), line: 2, column: 21 },
        frame: `2 │   const ä = "ä", x = = 1\n  │ ${' '.repeat(21)}^`,
      },
      hint: 'Correct the file and try again.',
    })
  })

  it('on the first line of a file that asks for its place is where it was written', async () => {
    const root = await project({ 'a.ts': 'const a = [__dirname, = 1]' })
    await expect(load(root, 'a.ts')).rejects.toMatchObject({
      message: 'a.ts:1:23 does not compile: unexpected token',
      details: { frame: `1 │ const a = [__dirname, = 1]\n  │ ${' '.repeat(22)}^` },
    })
    const code = 'export const fail = () => { throw new Error(__dirname) }'
    const throwing = await project({ 'a.ts': code, 'b.ts': `#!/usr/bin/env node\n${code}` })
    expect((await thrownBy(throwing, 'a.ts')).position).toEqual({ file: join(throwing, 'a.ts'), line: 1, column: 35 })
    expect((await thrownBy(throwing, 'b.ts')).position).toEqual({ file: join(throwing, 'b.ts'), line: 2, column: 35 })
  })

  it.each([
    ['import "nowhere"', 'npm install nowhere'],
    ['import "@scope/nowhere/sub"', 'npm install @scope/nowhere'],
    ['import "./nowhere"', 'Check the path of the import.'],
  ])('of %s says what to do', async (source, hint) => {
    const root = await project({ 'a.ts': source })
    await expect(load(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: expect.stringContaining('a.ts:1:8 does not compile: could not resolve'),
      hint,
    })
  })

  it('thrown while a module is loaded names its place', async () => {
    const root = await project({ 'a.ts': 'import "./b"', 'b.ts': 'interface A {}\n\nthrow new TypeError("no")' })
    await expect(load(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: 'b.ts:3:7 threw while it was loaded: no',
      cause: expect.any(TypeError),
    })
    const other = await project({ 'a.ts': 'throw "text"' })
    await expect(load(other, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: expect.stringContaining('text'),
    })
  })

  it('of Stack’s own keeps its code and gets the place', async () => {
    const root = await project({
      'a.ts': 'import { step } from "@stack/pipelines"\n\nexport const a = step({ name: "no name", run: () => 1 })',
    })
    await expect(load(root, 'a.ts')).rejects.toMatchObject({
      code: 'invalid-name',
      message: expect.stringContaining('a.ts:3:18: '),
      details: { location: { line: 3 } },
    })
  })

  it('has its causes mapped too, once', async () => {
    const root = await project({
      'a.ts':
        '\nconst inner = () => new Error("inner")\nexport const fail = () => {\n  throw new AggregateError([inner()], "outer", { cause: inner() })\n}',
    })
    const { stack, inner } = await thrownBy(root, 'a.ts')
    expect(stack).toContain(`(${join(root, 'a.ts')}:4:9)`)
    expect(stack).not.toContain('.stack/cache')
    expect(inner).toHaveLength(2)
    for (const text of inner) expect(text).toContain(`(${join(root, 'a.ts')}:2:21)`)
  })

  it('for a file that is not there is not-found', async () => {
    await expect(load(await project({}), 'a.ts')).rejects.toMatchObject({ code: 'not-found' })
  })
})
