import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FlavorRegistry, loadComponentClass } from '../../../src/host/index.js'
import { codeProject } from '../code-fixture.js'
import { flavorPackage, manifest, temporaryDirectory } from '../flavor-fixture.js'

function opened(root: string) {
  const registry = new FlavorRegistry({ projectRoot: root })
  return { registry, handle: registry.resolve('alerter', 'post') }
}

test('imports a flavor of another copy of core by its export', async () => {
  const { registry, handle } = opened(codeProject())
  const flavor = await registry.load(handle)
  expect(flavor).toMatchObject({ type: 'alerter', name: 'post', configVersion: 1 })
  expect((await loadComponentClass(flavor, handle)).name).toBe('Post')
  expect(await registry.load(handle)).toBe(flavor)
})

test('a module that throws', async () => {
  const { registry, handle } = opened(codeProject({ 'flavor.js': "throw new Error('broken at import')" }))
  await expect(registry.load(handle)).rejects.toMatchObject({
    code: 'flavor-unloadable',
    message: 'The flavor alerter/post of acme-post cannot be loaded: broken at import.',
  })
})

test('an SDK that is not installed is named, with the command that installs it', async () => {
  const { registry, handle } = opened(codeProject({ 'alerter.js': "import '@acme/sdk/client'\nexport class Post {}" }))
  const flavor = await registry.load(handle)
  await expect(loadComponentClass(flavor, handle)).rejects.toMatchObject({
    code: 'flavor-unloadable',
    message: expect.stringContaining('the package "@acme/sdk", which it needs, is not installed'),
    hint: 'npm install @acme/sdk',
  })
})

test.each([
  ['no class', 'export const Post = {}', /it is no class/],
  ['a foreign class', 'export class Post {}', /does not extend StackComponent/],
  [
    'the base of another type',
    "import { Orchestrator } from '@stack/core'\nexport class Post extends Orchestrator {}",
    /base class of orchestrator/,
  ],
])('an implementation that is %s', async (_, code, reason) => {
  const { registry, handle } = opened(codeProject({ 'alerter.js': code }))
  const flavor = await registry.load(handle)
  await expect(loadComponentClass(flavor, handle)).rejects.toMatchObject({
    code: 'invalid-flavor',
    message: expect.stringMatching(reason),
  })
})

test('an entry that exports another flavor, or none', async () => {
  const other = `import { defineFlavor, z } from '@stack/core'
export const flavor = defineFlavor({ type: 'alerter', name: 'mail', config: z.strictObject({}), load: async () => class {} })`
  for (const code of [other, 'export const flavor = { type: "alerter", name: "post" }']) {
    const { registry, handle } = opened(codeProject({ 'flavor.js': code }))
    await expect(registry.load(handle)).rejects.toMatchObject({
      code: 'invalid-flavor',
      message: 'acme-post 1.2.3 exports no flavor alerter/post.',
    })
  }
})

test('a flavor whose code is of another contract than its manifest says', async () => {
  const code = `const flavor = { type: 'alerter', name: 'post' }
Object.defineProperty(flavor, Symbol.for('@stack/core/flavor'), { value: { contract: 9 } })
export { flavor }`
  const { registry, handle } = opened(codeProject({ 'flavor.js': code }))
  await expect(registry.load(handle)).rejects.toMatchObject({
    code: 'contract-mismatch',
    message: expect.stringMatching(/built for contract 9 of @stack\/core, this program uses contract 1/),
  })
})

test('an entry that is no export, or leads out of the package, is not imported', async () => {
  const stack = manifest({ type: 'alerter', name: 'post', entry: './alerter', configSchema: './config.json' })
  const missing = codeProject({
    'package.json': flavorPackage('acme-post', stack, { exports: { './other': './flavor.js' } }),
  })
  await expect(opened(missing).registry.load(opened(missing).handle)).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringMatching(/has no export "\.\/alerter"/),
  })
  const outside = temporaryDirectory()
  writeFileSync(join(outside, 'evil.js'), 'globalThis.evil = true')
  const leaving = codeProject({
    'package.json': flavorPackage('acme-post', stack, { exports: { './alerter': './evil.js' } }),
  })
  symlinkSync(join(outside, 'evil.js'), join(leaving, 'node_modules/acme-post/evil.js'))
  await expect(opened(leaving).registry.load(opened(leaving).handle)).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringMatching(/leads out of the package/),
  })
  expect(globalThis).not.toHaveProperty('evil')
})

test('schemas: outside the package, absent, huge, no JSON, remote references', () => {
  const schemasOf = (root: string) => {
    const { registry, handle } = opened(root)
    return () => registry.schemas(handle)
  }
  const outside = temporaryDirectory()
  writeFileSync(join(outside, 'x.json'), '{"type":"object"}')
  const linked = codeProject()
  const file = join(linked, 'node_modules/acme-post/linked.json')
  symlinkSync(join(outside, 'x.json'), file)
  writeFileSync(
    join(linked, 'node_modules/acme-post/package.json'),
    JSON.stringify(
      flavorPackage('acme-post', manifest({ type: 'alerter', name: 'post', configSchema: './linked.json' })),
    ),
  )
  const refused = (reason: RegExp) =>
    expect.objectContaining({ code: 'invalid-manifest', message: expect.stringMatching(reason) })
  expect(schemasOf(linked)).toThrow(refused(/leads out of the package/))
  expect(schemasOf(codeProject({ 'config.json': '{' }))).toThrow(refused(/no valid JSON/))
  expect(schemasOf(codeProject({ 'config.json': `{"type":"object","x":"${'x'.repeat(1_100_000)}"}` }))).toThrow(
    refused(/larger than 1 MiB/),
  )
  expect(schemasOf(codeProject({ 'config.json': { type: 'object', allOf: [{ $ref: 'http://x/y' }] } }))).toThrow(
    refused(/\$ref/),
  )
  expect(schemasOf(codeProject())().settings).toMatchObject({ properties: { speed: { default: 1 } } })
})
