import { execFileSync } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSource, sourceProject, writeSources } from '../support/source-project.js'

/** A package of the project, as `files` below node_modules. */
const jsxRuntime = (name: string) => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "type": "module", "exports": { "./jsx-runtime": "./jsx-runtime.js" } }`,
  [`node_modules/${name}/jsx-runtime.js`]: `export const jsx = (type) => "${name} " + type\nexport const jsxs = jsx`,
})

const element = 'export const element = <b>text</b>'

describe('compiler options', () => {
  it.each([
    ['without a tsconfig', undefined, 'react b'],
    ['of Next.js', '{ "jsx": "preserve" }', 'react b'],
    ['with no word of JSX', '{ "strict": true }', 'react b'],
    ['of another library', '{ "jsx": "react-jsx", "jsxImportSource": "preact" }', 'preact b'],
  ])('%s compile JSX to the automatic runtime', async (_, options, expected) => {
    const root = await sourceProject({ 'a.tsx': element, ...jsxRuntime('react'), ...jsxRuntime('preact') })
    if (options !== undefined) await writeSources(root, { 'tsconfig.json': `{ "compilerOptions": ${options} }` })
    expect((await loadSource(root, 'a.tsx')).element).toBe(expected)
  })

  it('that name a function for JSX are followed', async () => {
    const root = await sourceProject({
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }',
      'a.tsx': `const h = (type: string) => "h " + type\n${element}`,
    })
    expect((await loadSource(root, 'a.tsx')).element).toBe('h b')
  })

  it('of a jsconfig are followed where there is no tsconfig', async () => {
    const root = await sourceProject({
      'jsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
      'a.js': 'export { x } from "@/x.js"',
      'lib/x.js': 'export const x = 1',
    })
    expect((await loadSource(root, 'a.js')).x).toBe(1)
  })

  it('of a referenced project hold for its files', async () => {
    const root = await sourceProject({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': '{ "include": ["src"], "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'src/a.ts': 'export { x } from "@/x"',
      'src/x.ts': 'export const x = 1',
    })
    expect((await loadSource(root, 'src/a.ts')).x).toBe(1)
    await writeSources(root, {
      'tsconfig.app.json': '{ "include": ["src"], "compilerOptions": { "paths": { "@/*": ["./other/*"] } } }',
      'other/x.ts': 'export const x = 2',
    })
    expect((await loadSource(root, 'src/a.ts')).x).toBe(2)
  })

  it('that extend a file which is absent are an error that names it', async () => {
    const root = await sourceProject({
      'tsconfig.json': '{ "extends": "@tsconfig/none" }',
      'a.ts': 'export const a = 1',
    })
    await expect(loadSource(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: expect.stringMatching(/^tsconfig\.json cannot be read: .*@tsconfig\/none/),
      hint: 'Correct it, or install what it extends.',
    })
  })

  it('in a pipe are refused, and not waited for', async () => {
    const root = await sourceProject({ 'a.ts': 'export const a = 1' })
    execFileSync('mkfifo', [join(root, 'tsconfig.json')])
    await expect(loadSource(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: 'tsconfig.json cannot be read: it is no regular file.',
    })
  })

  const conditional = {
    'a.ts': 'export { source } from "pkg"',
    'node_modules/pkg/package.json':
      '{ "name": "pkg", "type": "module", "exports": { "@own/source": "./own.js", "default": "./default.js" } }',
    'node_modules/pkg/own.js': 'export const source = "own"',
    'node_modules/pkg/default.js': 'export const source = "default"',
  }

  it('may name further conditions of exports', async () => {
    const root = await sourceProject({
      ...conditional,
      'base.json': '{ "compilerOptions": { "customConditions": ["@own/source"] } }',
      'tsconfig.json': '{ "extends": "./base.json" }',
    })
    expect((await loadSource(root, 'a.ts')).source).toBe('own')
  })

  it.each([
    ['on its command line', ['--conditions=@own/source'], ''],
    ['on its command line, by the short flag', ['-C', '@own/source'], ''],
    ['in NODE_OPTIONS', [], '--conditions=@own/source'],
    ['nowhere', [], ''],
  ])('leave Node its own conditions: %s', async (where, flags, nodeOptions) => {
    const root = await sourceProject({
      ...conditional,
      'go.mjs':
        'import { createSourceLoader } from "@stack/pipelines/host"\nconst { module } = await createSourceLoader({ projectRoot: process.cwd() }).load("a.ts")\nconsole.log(module.source)',
    })
    const env = { ...process.env, NODE_OPTIONS: nodeOptions }
    const printed = execFileSync(process.execPath, [...flags, 'go.mjs'], { cwd: root, env }).toString()
    expect(printed).toBe(where === 'nowhere' ? 'default\n' : 'own\n')
  })

  it('of a project with "sideEffects": false drop no module that Node would run', async () => {
    const root = await sourceProject({
      'package.json': '{ "type": "module", "sideEffects": false }',
      'a.ts': 'import "./register"\nexport const seen = () => (globalThis as { registered?: number }).registered',
      'register.ts': '(globalThis as { registered?: number }).registered = 1',
    })
    const { seen } = (await loadSource(root, 'a.ts')) as { seen: () => number | undefined }
    expect(seen()).toBe(1)
    Reflect.deleteProperty(globalThis, 'registered')
  })
})

describe('TypeScript that Node does not know', () => {
  it('is compiled: enums, parameter properties, await using', async () => {
    const root = await sourceProject({
      'a.ts': `enum Kind { one = 1 }
        class Closed { constructor(private readonly to: string[]) {} async [Symbol.asyncDispose]() { this.to.push('closed') } }
        export async function run() { const seen: string[] = [String(Kind.one)]; { await using it = new Closed(seen) } return seen }`,
    })
    const { run } = (await loadSource(root, 'a.ts')) as { run: () => Promise<string[]> }
    expect(await run()).toEqual(['1', 'closed'])
  })

  it('may export a type without the word for it', async () => {
    const root = await sourceProject({
      'a.ts': 'export { x, Shape } from "./types"',
      'types.ts': 'export interface Shape { a: number }\nexport const x = 1',
    })
    expect((await loadSource(root, 'a.ts')).x).toBe(1)
  })

  it('fails where a value is imported that is not exported', async () => {
    const root = await sourceProject({
      'a.ts': 'import { y } from "./types"\nexport const a = y',
      'types.ts': 'export const x = 1',
    })
    await expect(loadSource(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: 'a.ts:1:10 does not compile: "y" is not exported by "types.ts".',
    })
  })

  it('has decorators as TypeScript had them, with the types of what they decorate', async () => {
    const root = await sourceProject({
      'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
      'a.ts': `export const seen: unknown[] = []
        const Metadata = Reflect as unknown as { metadata: (key: string, value: unknown) => () => void }
        Metadata.metadata = (key, value) => () => { seen.push([key, value]) }
        const injectable = (target: { name: string }) => { seen.push(target.name) }
        class Engine {}
        @injectable
        export class Car { constructor(private readonly engine: Engine) {} }`,
    })
    const { seen } = await loadSource(root, 'a.ts')
    expect(seen).toEqual([['design:paramtypes', [expect.objectContaining({ name: 'Engine' })]], 'Car'])
  })

  it('refuses other decorators by their place', async () => {
    const root = await sourceProject({
      'a.ts': 'export * from "./lib/b"',
      'lib/b.ts': 'const log = (value: unknown) => value\nexport class B {\n  @log m() { return "@log" }\n}',
    })
    await expect(loadSource(root, 'a.ts')).rejects.toMatchObject({
      code: 'source-error',
      message: 'lib/b.ts:3:3 does not compile: Node has no decorators',
      hint: expect.stringContaining('experimentalDecorators'),
    })
  })

  it('may begin with a byte order mark', async () => {
    const root = await sourceProject({
      'a.ts': '\uFEFFimport data from "./data.json"\nexport const a = data.n',
      'data.json': '\uFEFF{ "n": 1 }',
    })
    expect((await loadSource(root, 'a.ts')).a).toBe(1)
  })
})

describe('the hint for an import that is not found', () => {
  const hint = async (root: string, file = 'a.ts') =>
    loadSource(root, file).then(
      () => 'it was found',
      (error: { hint: string }) => error.hint,
    )

  it('names no path alias as a package to install', async () => {
    const root = await sourceProject({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"], "~": ["./index.ts"] } } }',
      'a.ts': 'import "@app/model/x"',
      'b.ts': 'import "~"',
      'c.ts': 'import "#model"',
    })
    expect(await hint(root)).toBe('Check "paths" in tsconfig.json: "@app/*" leads to no file for this import.')
    expect(await hint(root, 'b.ts')).toBe('Check "paths" in tsconfig.json: "~" leads to no file for this import.')
    expect(await hint(root, 'c.ts')).toBe('Check "imports" in package.json: "#model" leads to no file.')
  })

  it('names no folder of the project as a package to install', async () => {
    const root = await sourceProject({ 'a.ts': 'import "src/model"', 'b.ts': 'import "@/model"', 'src/other.ts': '' })
    expect(await hint(root)).toBe('Import it by a relative path, or name "src/*" in "paths" of tsconfig.json.')
    expect(await hint(root, 'b.ts')).toBe('Import it by a relative path, or name "@/*" in "paths" of tsconfig.json.')
  })

  it('tells of an installed package whose exports lead to a file that is not built', async () => {
    const root = await sourceProject({
      'a.ts': 'import "@own/lib"',
      'packages/lib/package.json': '{ "name": "@own/lib", "type": "module", "exports": "./dist/index.js" }',
    })
    await mkdir(join(root, 'node_modules/@own'))
    await symlink(join(root, 'packages/lib'), join(root, 'node_modules/@own/lib'))
    expect(await hint(root)).toMatch(/^@own\/lib is installed in node_modules\/@own\/lib, .*Build it/)
  })

  it('names every missing package', async () => {
    const root = await sourceProject({ 'a.ts': 'import "none-one"\nimport "none-two"' })
    await expect(loadSource(root, 'a.ts')).rejects.toMatchObject({
      message: 'a.ts:1:8 does not compile: could not resolve "none-one" (and 1 more)',
      problems: [{ path: 'a.ts:1:8' }, { path: 'a.ts:2:8', message: 'could not resolve "none-two"' }],
    })
  })
})
