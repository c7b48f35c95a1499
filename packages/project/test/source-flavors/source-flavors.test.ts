import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installFlavorPackage, linkCore } from '../flavor-package.js'
import { ModuleLoader } from '../module-loader.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'

const type = 'artifact-store'
const file = 'flavors/my-flavor.mjs'

function code(config: string, name = 'mine', contract = ''): string {
  return `
import { ArtifactStore, defineFlavor, secret, z } from '@stack/core'
export const MyFlavor = defineFlavor({
  type: 'artifact-store',
  name: '${name}',
  description: 'Of this project.',
  config: z.strictObject({ ${config} }),
  load: async () => { throw new Error('the SDK is not installed') },
})
export const notAFlavor = 1
${contract}
`
}

const withPath = code('path: z.string(), key: secret().optional()')

async function sourceProject(content = withPath) {
  const root = temporaryDirectory()
  linkCore(root)
  mkdirSync(join(root, 'flavors'))
  const write = (text: string) => writeFileSync(join(root, file), text)
  write(content)
  const sourceLoader = new ModuleLoader()
  const open = () => openTestProject(root, { sourceLoader })
  return { root, write, open, sourceLoader, project: await open() }
}

describe('register', () => {
  it('imports once and keeps what the flavor says of itself', async () => {
    const { open, sourceLoader, project } = await sourceProject()
    const record = await project.sourceFlavors.register(type, `${file}#MyFlavor`)
    expect(record).toMatchObject({
      type,
      name: 'mine',
      source: `${file}#MyFlavor`,
      manifest: { description: 'Of this project.', contract: 1, configVersion: 1 },
      files: { [file]: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    })
    expect(sourceLoader.loads).toBe(1)
    const row = { type, name: 'mine', package: null, version: null, origin: 'source', status: 'ok' }
    expect(project.registry.rows(type)).toContainEqual(row)
    const later = await open()
    expect(later.registry.rows(type)).toContainEqual(row)
    expect(await later.sourceFlavors.list()).toEqual([record])
    expect(sourceLoader.loads).toBe(1)
  })

  it('takes the only flavor of a file that names no export', async () => {
    const { project } = await sourceProject()
    expect((await project.sourceFlavors.register(type, file)).source).toBe(`${file}#MyFlavor`)
  })

  it('makes components that validate while the implementation cannot be loaded', async () => {
    const { project } = await sourceProject()
    await project.sourceFlavors.register(type, `${file}#MyFlavor`)
    const config = { path: 'x', key: '{{env:KEY}}' }
    const { component } = await project.components.register({ type, name: 'a', flavor: 'mine', config })
    expect(component).toMatchObject({ flavor: 'mine', package: null, version: null, status: 'ok' })
    const plain = project.components.register({ type, name: 'b', flavor: 'mine', config: { path: 'x', key: 'plain' } })
    await expect(plain).rejects.toMatchObject({ code: 'secret-plain-text' })
    await project.stacks.register({ name: 's', components: { [type]: ['a'], orchestrator: ['default'] } })
    const definition = await project.stacks.definition('s')
    expect(definition.components[1]).toMatchObject({ package: null, version: null, source: `${file}#MyFlavor` })
  })

  it('tells what is wrong with the source', async () => {
    const { root, write, project } = await sourceProject()
    const register = (source: string, of = type) => project.sourceFlavors.register(of, source)
    await expect(register(`${file}#MyFlavr`)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"MyFlavor"'),
    })
    await expect(register(`${file}#notAFlavor`)).rejects.toMatchObject({ code: 'invalid-flavor' })
    await expect(register(`${file}#MyFlavor`, 'orchestrator')).rejects.toMatchObject({ code: 'invalid-flavor' })
    await expect(register(file, 'orchestrator')).rejects.toMatchObject({ code: 'not-found' })
    await expect(register('flavors/none.ts#A')).rejects.toMatchObject({ code: 'not-found' })
    write('export const broken = (')
    await expect(register(`${file}#MyFlavor`)).rejects.toMatchObject({ code: 'source-error' })
    write(`export const Old = Object.freeze(Object.defineProperty({ type: 'artifact-store', name: 'old' },
      Symbol.for('@stack/core/flavor'), { value: { contract: 99 } }))`)
    await expect(register(`${file}#Old`)).rejects.toMatchObject({ code: 'contract-mismatch' })
    expect(await project.sourceFlavors.list()).toEqual([])
    const without = await openTestProject(root)
    await expect(without.sourceFlavors.register(type, file)).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('is already-exists for a name that resolves', async () => {
    const { write, project } = await sourceProject()
    await project.sourceFlavors.register(type, file)
    await expect(project.sourceFlavors.register(type, file)).rejects.toMatchObject({ code: 'already-exists' })
    write(code('', 'local'))
    await expect(project.sourceFlavors.register(type, file)).rejects.toMatchObject({ code: 'already-exists' })
  })
})

describe('a clash that comes later', () => {
  it('is ambiguous for new components; those there are keep their flavor', async () => {
    const { root, open, project } = await sourceProject()
    await project.sourceFlavors.register(type, file)
    await project.components.register({ type, name: 'a', flavor: 'mine', config: { path: 'x' } })
    installFlavorPackage(root, { package: '@acme/flavor-mine', name: 'mine' })
    const later = await open()
    await expect(
      later.components.register({ type, name: 'b', flavor: 'mine', config: { path: 'x' } }),
    ).rejects.toMatchObject({ code: 'ambiguous-flavor' })
    expect(await later.components.describe(type, 'a')).toMatchObject({ status: 'ok' })
  })
})

describe('delete', () => {
  it('is in-use while a component is registered with it', async () => {
    const { project } = await sourceProject()
    await project.sourceFlavors.register(type, file)
    await project.components.register({ type, name: 'a', flavor: 'mine', config: { path: 'x' } })
    await expect(project.sourceFlavors.delete(type, 'mine')).rejects.toMatchObject({
      code: 'in-use',
      details: { components: ['a'] },
    })
    await project.components.delete(type, 'a')
    await project.sourceFlavors.delete(type, 'mine')
    expect(project.registry.rows(type).map((row) => row.name)).not.toContain('mine')
    await expect(project.sourceFlavors.delete(type, 'mine')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a changed source', () => {
  it('is imported again at the next write, and a breaking change is told precisely', async () => {
    const { write, open, sourceLoader, project } = await sourceProject()
    await project.sourceFlavors.register(type, file)
    await project.components.register({ type, name: 'a', flavor: 'mine', config: { path: 'x' } })
    write(code('bucket: z.string(), path: z.string()'))
    expect(await project.components.describe(type, 'a')).toMatchObject({ status: 'ok' })
    const loads = sourceLoader.loads
    const wrong = project.components.register({ type, name: 'b', flavor: 'mine', config: { path: 'x' } })
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid-config',
      problems: [expect.objectContaining({ path: 'bucket' })],
    })
    expect(sourceLoader.loads).toBeGreaterThan(loads)
    const later = await open()
    expect(await later.components.describe(type, 'a')).toMatchObject({
      status: 'invalid',
      problems: [expect.objectContaining({ path: 'bucket' })],
    })
  })

  it('that fails marks the flavor invalid until it is mended; others are not touched', async () => {
    const { write, open, project } = await sourceProject()
    await project.sourceFlavors.register(type, file)
    await project.components.register({ type, name: 'a', flavor: 'mine', config: { path: 'x' } })
    write('export const broken = (')
    await project.components.register({ type, name: 'b', flavor: 'local' })
    const later = await open()
    expect(later.registry.rows(type).find((row) => row.name === 'mine')).toMatchObject({
      status: 'invalid',
      reason: expect.stringContaining('my-flavor.mjs'),
    })
    const use = later.registry.load(later.registry.resolve(type, 'mine'))
    await expect(use).rejects.toMatchObject({ code: 'flavor-unloadable' })
    expect(await later.stacks.describe('default')).toMatchObject({ status: 'ok' })
    await later.components.rename(type, 'a', 'renamed')
    write(withPath)
    await later.components.update(type, 'renamed', { set: { path: 'y' } })
    expect(await later.components.describe(type, 'renamed')).toMatchObject({ status: 'ok', config: { path: 'y' } })
  })
})
