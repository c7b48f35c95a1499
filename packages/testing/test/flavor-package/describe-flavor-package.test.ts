import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateFlavorPackage } from '@stack/core/host'
import { afterAll, expect, test } from 'vitest'
import { flavorPackageCases } from '../../src/flavor-package/flavor-package-cases.js'

const core = fileURLToPath(new URL('../../../core', import.meta.url))
const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

const config = `import { secret, z } from '@stack/core'
export const config = z.strictObject({
  url: z.string().regex(/^https:/).describe('Where to post.'),
  retries: z.int().min(0).max(9).default(3),
  token: secret().optional(),
})
`
const flavor = `import { defineFlavor } from '@stack/core'
import { config } from './config.js'
export const postFlavor = defineFlavor({ type: 'alerter', name: 'post', config, load: async () => (await import('./alerter.js')).PostAlerter })
`
const alerter = `import { StackComponent } from '@stack/core'
import { post } from 'some-sdk'
export class PostAlerter extends StackComponent { post() { return post } }
`

/** A flavor package whose SDK is installed, written by the code's own generator unless \`generate\` is false. */
async function build(
  files: Readonly<Record<string, string>>,
  after: Readonly<Record<string, (text: string) => string>> = {},
) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'stack-kit-')))
  made.push(root)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const json = { name: 'flavor-post', version: '1.0.0', type: 'module', exports: { './alerter': './flavor.js' } }
  const sources = {
    'package.json': JSON.stringify(json),
    'config.js': config,
    'flavor.js': flavor,
    'alerter.js': alerter,
  }
  write('node_modules/some-sdk/package.json', '{"name":"some-sdk","type":"module","exports":"./index.js"}')
  write('node_modules/some-sdk/index.js', 'export const post = 1\nexport default 1\n')
  mkdirSync(join(root, 'node_modules/@stack'))
  symlinkSync(core, join(root, 'node_modules/@stack/core'), 'dir')
  for (const [path, text] of Object.entries({ ...sources, ...files })) write(path, text)
  await generateFlavorPackage(root)
  for (const [path, change] of Object.entries(after)) {
    const { readFileSync } = await import('node:fs')
    write(path, change(readFileSync(join(root, path), 'utf8')))
  }
  return root
}

/** The names of the cases a package fails. */
async function failures(root: string): Promise<readonly string[]> {
  const cases = flavorPackageCases(root)
  const results = await Promise.allSettled(cases.map(async ({ run }) => run()))
  const failed = cases.filter((_, index) => results[index]?.status === 'rejected')
  return failed.map(({ name }) => name.replace('alerter/post: ', ''))
}

test('a right package passes every case', async () => {
  expect(await failures(await build({}))).toEqual([])
})

test('a schema that drifted from the code', async () => {
  const root = await build({}, { 'schemas/alerter.json': (text) => text.replace('"maximum": 9', '"maximum": 99') })
  expect(await failures(root)).toEqual([
    'manifest and schemas are what the code says',
    'zod and JSON Schema accept and refuse the same config',
  ])
})

test('a class of another type', async () => {
  const wrong = `import { Orchestrator } from '@stack/core'\nexport class PostAlerter extends Orchestrator {}\n`
  expect(await failures(await build({ 'alerter.js': wrong }))).toEqual(['the implementation is a class of its type'])
})

test('something that is no class', async () => {
  const wrong = 'export const PostAlerter = { post() {} }\n'
  expect(await failures(await build({ 'alerter.js': wrong }))).toEqual(['the implementation is a class of its type'])
})

test('an SDK imported at the top of the flavor, even where it is installed', async () => {
  const root = await build({ 'flavor.js': `import 'some-sdk'\n${flavor}` })
  expect(await failures(root)).toEqual(['the entry imports and validates without its dependencies, and loads little'])
})

test('an SDK required at the top of the flavor', async () => {
  const eager = `import { createRequire } from 'node:module'\ntry { createRequire(import.meta.url)('some-sdk') } catch {}\n`
  const root = await build({
    'node_modules/some-sdk/index.cjs': 'module.exports = 1',
    'node_modules/some-sdk/package.json':
      '{"name":"some-sdk","exports":{"require":"./index.cjs","default":"./index.js"},"type":"module"}',
    'flavor.js': `${eager.replace('try { ', '').replace(' } catch {}', '')}${flavor}`,
  })
  expect(await failures(root)).toEqual(['the entry imports and validates without its dependencies, and loads little'])
})

test('a secret with a default', async () => {
  const root = await build(
    {},
    {
      'schemas/alerter.json': (text) => text.replace('"writeOnly": true', '"writeOnly": true, "default": "x"'),
    },
  )
  expect(await failures(root)).toContain('secrets keep their mark and have no default')
})

test('a secret that lost its mark', async () => {
  const root = await build({}, { 'schemas/alerter.json': (text) => text.replace('"writeOnly": true', '"title": "x"') })
  expect(await failures(root)).toEqual([
    'manifest and schemas are what the code says',
    'secrets keep their mark and have no default',
  ])
})

test('an entry that is not exported', async () => {
  const root = await build(
    {},
    {
      'package.json': (text) =>
        text
          .replace('"entry":"./alerter"', '"entry":"./elsewhere"')
          .replace('"entry": "./alerter"', '"entry": "./elsewhere"'),
    },
  )
  expect(await failures(root)).toContain('the entry is exported and gives the flavor')
})

test('an entry whose flavor has another name', async () => {
  const root = await build({}, { 'flavor.js': (text) => `// renamed\n${text.replace("name: 'post'", "name: 'mail'")}` })
  // The module of this path was imported by the generator already: the kit runs in a process of its own to see the change.
  expect(await failures(root)).toContain('the entry imports and validates without its dependencies, and loads little')
})

test('a manifest that cannot be read', async () => {
  const root = await build({}, { 'package.json': (text) => text.replace(/"type":\s?"alerter"/, '"type":"alarm"') })
  expect(await failures(root)).toContain('the manifest can be read and declares flavors')
})

test.each([
  ['transform', 'url: z.string().transform((value) => value.length)', 'url', /transform/],
  ['coerce', 'url: z.coerce.number()', 'url', /coerce/],
  ['a method that changes the string', 'deep: z.strictObject({ url: z.string().trim() })', 'deep.url', /trim/],
  ['a flag', 'url: z.string().regex(/^a/i)', 'url', /flag "i"/],
  ['lookaround', 'url: z.string().regex(/(?=a)/)', 'url', /RE2/],
  ['catch', "url: z.string().catch('x')", 'url', /catch/],
  ['date', 'url: z.date()', 'url', /date/],
  ['preprocess', 'url: z.preprocess((value) => value, z.string())', 'url', /preprocess/],
  ['a secret with a default', "token: secret().default('x')", 'config', /a secret has no default/],
])('generate refuses %s and names the field', async (_, field, path, message) => {
  const schema = `import { secret, z } from '@stack/core'\nexport const config = z.strictObject({ ${field} })\n`
  await expect(build({ 'config.js': schema })).rejects.toMatchObject({
    code: 'invalid-flavor',
    problems: [{ path, message: expect.stringMatching(message) }],
  })
})

test('generate refuses an object that takes unknown keys', async () => {
  const schema = `import { z } from '@stack/core'\nexport const config = z.object({ url: z.string() })\n`
  await expect(build({ 'config.js': schema })).rejects.toMatchObject({
    problems: [{ path: '', message: expect.stringMatching(/strictObject/) }],
  })
})

test('an entry that loads more than its share of modules', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `m${index}.js`)
  const modules = Object.fromEntries(names.map((name) => [name, 'export {}\n']))
  const imports = names.map((name) => `import './${name}'\n`).join('')
  expect(await failures(await build({ ...modules, 'flavor.js': imports + flavor }))).toEqual([
    'the entry imports and validates without its dependencies, and loads little',
  ])
})

test('an entry with a large table', async () => {
  const table = `export const table = '${'x'.repeat(300_000)}'\n`
  const root = await build({ 'table.js': table, 'flavor.js': `import './table.js'\n${flavor}` })
  expect(await failures(root)).toEqual(['the entry imports and validates without its dependencies, and loads little'])
})

test('a tarball without the schemas', async () => {
  const files = (text: string) => JSON.stringify({ ...JSON.parse(text), files: ['*.js'] })
  expect(await failures(await build({}, { 'package.json': files }))).toContain(
    'the tarball holds what package.json names, and no tests',
  )
})

test('a tarball with tests', async () => {
  const root = await build({ 'test/alerter.test.js': '' })
  expect(await failures(root)).toEqual(['the tarball holds what package.json names, and no tests'])
})
