import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bucketCode, bucketSchema, installFlavorPackage, linkCore, type TestFlavorPackage } from '../flavor-package.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'

const type = 'artifact-store'
const bucket = { package: '@acme/flavor-bucket', version: '1.2.0', configVersion: 3, code: bucketCode }

/** A project with the bucket flavor installed. */
async function bucketProject(flavor: TestFlavorPackage = bucket) {
  const root = temporaryDirectory()
  linkCore(root)
  installFlavorPackage(root, flavor)
  return { root, project: await openTestProject(root) }
}

describe('register', () => {
  it('records the config as given with package and version of the flavor', async () => {
    const { root, project } = await bucketProject()
    const config = { path: 's3://one', secret: '{{env:BUCKET_SECRET}}' }
    const { component } = await project.components.register({ type, name: 'prod', flavor: 'bucket', config })
    expect(component).toEqual({
      id: expect.any(String),
      type,
      name: 'prod',
      flavor: 'bucket',
      package: '@acme/flavor-bucket',
      version: '1.2.0',
      config,
      settings: {},
      status: 'ok',
    })
    expect(await project.records.getComponent(component.id)).toMatchObject({ configVersion: 3, revision: 1, config })
    const again = await openTestProject(root)
    expect(await again.components.describe(type, 'prod')).toEqual(component)
  })

  it('takes a flavor by its package', async () => {
    const { project } = await bucketProject()
    const flavor = '@acme/flavor-bucket:bucket'
    const { component } = await project.components.register({ type, name: 'a', flavor, config: { path: 's3://b' } })
    expect(component).toMatchObject({ flavor: 'bucket', package: '@acme/flavor-bucket' })
  })

  it('reports every problem at once and records nothing', async () => {
    const { project } = await bucketProject()
    const config = { pth: 's3://one', clientKwargs: { retries: 'three' } }
    const register = project.components.register({ type, name: 'prod', flavor: 'bucket', config })
    await expect(register).rejects.toMatchObject({
      code: 'invalid-config',
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'path' }),
        expect.objectContaining({ path: 'pth', message: expect.stringContaining('path') }),
        expect.objectContaining({ path: 'clientKwargs.retries' }),
      ]),
    })
    expect(await project.records.findComponent(type, 'prod')).toBeNull()
  })

  it('lets the code of the flavor say what JSON Schema cannot', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://forbidden' }
    await expect(project.components.register({ type, name: 'a', flavor: 'bucket', config })).rejects.toMatchObject({
      code: 'invalid-config',
      problems: [{ path: 'path', message: expect.stringContaining('forbidden') }],
    })
  })

  it('warns where the code cannot be imported, and goes by the schema', async () => {
    const { project } = await bucketProject({ ...bucket, code: "import 'a-missing-sdk'" })
    const config = { path: 's3://one' }
    const { component, warnings } = await project.components.register({ type, name: 'a', flavor: 'bucket', config })
    expect(component.status).toBe('ok')
    expect(warnings).toEqual([expect.objectContaining({ code: 'flavor-unloadable' })])
    const wrong = project.components.register({ type, name: 'b', flavor: 'bucket', config: {} })
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-config' })
  })

  it('refuses a secret in plain text', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://one', secret: 'hunter2-plain' }
    const error = await project.components.register({ type, name: 'a', flavor: 'bucket', config }).catch(String)
    await expect(project.components.register({ type, name: 'a', flavor: 'bucket', config })).rejects.toMatchObject({
      code: 'secret-plain-text',
      problems: [expect.objectContaining({ path: 'secret' })],
    })
    expect(error).not.toContain('hunter2')
  })

  it('knows settings from config', async () => {
    const { project } = await bucketProject()
    const settings = { retries: 'many' }
    const config = { path: 's3://one' }
    await expect(
      project.components.register({ type, name: 'a', flavor: 'bucket', config, settings }),
    ).rejects.toMatchObject({
      code: 'invalid-settings',
      problems: [expect.objectContaining({ path: 'settings.retries' })],
    })
  })

  it('suggests types and flavors', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://one' }
    await expect(project.components.register({ type, name: 'a', flavor: 'buckt', config })).rejects.toMatchObject({
      code: 'unknown-flavor',
      message: expect.stringContaining('"bucket"'),
    })
    await expect(
      project.components.register({ type: 'artifact-stor', name: 'a', flavor: 'bucket', config }),
    ).rejects.toMatchObject({ code: 'unknown-component-type', message: expect.stringContaining('"artifact-store"') })
  })

  it('is already-exists for a name that is taken', async () => {
    const { project } = await bucketProject()
    const register = project.components.register({
      type,
      name: 'default',
      flavor: 'bucket',
      config: { path: 's3://a' },
    })
    await expect(register).rejects.toMatchObject({ code: 'already-exists' })
  })

  it.each(['', '__proto__', '-rf', 'a b', 'a\u0000b', '\u001b[31mred', 'x'.repeat(10_000), '../up', 'ä'])(
    'refuses the name %j',
    async (name) => {
      const { root, project } = await bucketProject()
      const register = project.components.register({ type, name, flavor: 'bucket', config: { path: 's3://a' } })
      const error = await register.catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'invalid-name' })
      expect(String(error).length).toBeLessThan(400)
      expect(String(error)).not.toContain('\u001b')
      expect(readdirSync(root)).not.toContain('.stack')
    },
  )
})

describe('reading', () => {
  it('lists by type, without config', async () => {
    const { root, project } = await bucketProject()
    expect((await project.components.list()).map(({ type, name }) => `${type}/${name}`)).toEqual([
      'artifact-store/default',
      'orchestrator/default',
    ])
    const [component] = await project.components.list(type)
    expect(component).not.toHaveProperty('config')
    expect(component).toMatchObject({ package: '@stack/flavor-local', flavor: 'local', status: 'ok' })
    expect(readdirSync(root)).not.toContain('.stack')
  })

  it('suggests names', async () => {
    const { project } = await bucketProject()
    await expect(project.components.describe(type, 'defualt')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"default"'),
    })
  })
})

describe('update', () => {
  it('merges objects key by key', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://one', clientKwargs: { region: 'eu', retries: 3 } }
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config })
    const { component } = await project.components.update(type, 'prod', {
      set: { clientKwargs: { region: 'us' } },
      settings: { retries: 1 },
    })
    expect(component.config).toEqual({ path: 's3://one', clientKwargs: { region: 'us', retries: 3 } })
    expect(component.settings).toEqual({ retries: 1 })
  })

  it('leaves the record as it was where the change does not fit', async () => {
    const { project } = await bucketProject()
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config: { path: 's3://one' } })
    await expect(project.components.update(type, 'prod', { set: { path: 'http://x' } })).rejects.toMatchObject({
      code: 'invalid-config',
    })
    expect((await project.components.describe(type, 'prod')).config).toEqual({ path: 's3://one' })
  })
})

describe('removeAttributes', () => {
  it('takes nested values and settings out', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://one', clientKwargs: { region: 'eu', retries: 3 } }
    const settings = { retries: 2 }
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config, settings })
    const paths = ['clientKwargs.region', 'settings.retries']
    const { component } = await project.components.removeAttributes(type, 'prod', paths)
    expect(component).toMatchObject({ config: { path: 's3://one', clientKwargs: { retries: 3 } }, settings: {} })
    const whole = await project.components.removeAttributes(type, 'prod', ['clientKwargs'])
    expect(whole.component.config).toEqual({ path: 's3://one' })
  })

  it('is an error for a misspelt key, with a suggestion, and removes nothing', async () => {
    const { project } = await bucketProject()
    const config = { path: 's3://one', clientKwargs: { region: 'eu' } }
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config })
    const remove = project.components.removeAttributes(type, 'prod', [
      'clientKwargs.region',
      'clientKwarg',
      'settings.x',
    ])
    await expect(remove).rejects.toMatchObject({
      code: 'invalid-config',
      problems: [
        { path: 'clientKwarg', message: expect.stringContaining('"clientKwargs"') },
        { path: 'settings.x', message: 'is not set.' },
      ],
    })
    expect((await project.components.describe(type, 'prod')).config).toEqual(config)
  })

  it('does not take out what the flavor requires', async () => {
    const { project } = await bucketProject()
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config: { path: 's3://one' } })
    await expect(project.components.removeAttributes(type, 'prod', ['path'])).rejects.toMatchObject({
      code: 'invalid-config',
      problems: [expect.objectContaining({ path: 'path' })],
    })
  })
})

describe('rename, copy and delete', () => {
  it('keep id and stacks, make another, and forget', async () => {
    const { project } = await bucketProject()
    const renamed = await project.components.rename(type, 'default', 'home')
    expect(renamed).toMatchObject({ id: 'default-artifact-store', name: 'home' })
    expect((await project.stacks.describe('default')).components[type]).toEqual(['home'])
    const copied = await project.components.copy(type, 'home', 'away')
    expect(copied.id).not.toBe(renamed.id)
    await project.components.delete(type, 'away')
    expect((await project.components.list(type)).map(({ name }) => name)).toEqual(['home'])
  })

  it('refuse a taken name, an invalid name and a component in use', async () => {
    const { project } = await bucketProject()
    await project.components.copy(type, 'default', 'other')
    await expect(project.components.rename(type, 'other', 'default')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(project.components.copy(type, 'other', 'default')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(project.components.copy(type, 'other', '__proto__')).rejects.toMatchObject({ code: 'invalid-name' })
    await expect(project.components.delete(type, 'default')).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('"default"'),
      details: { stacks: ['default'] },
    })
  })
})

describe('a component that is broken by a new version of its flavor', () => {
  /** `path` was renamed to `bucket`: one key is unknown now, one is missing. */
  async function broken() {
    const { root, project } = await bucketProject({ package: bucket.package, version: bucket.version })
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config: { path: 's3://one' } })
    await project.close()
    const { path, ...others } = bucketSchema.properties
    const configSchema = { ...bucketSchema, properties: { bucket: path, ...others }, required: ['bucket'] }
    installFlavorPackage(root, { package: bucket.package, version: '2.0.0', configSchema, configVersion: 4 })
    return { root, project: await openTestProject(root) }
  }

  it('is listed, described and named in its stack; another stack is in order', async () => {
    const { project } = await broken()
    const view = await project.components.describe(type, 'prod')
    expect(view).toMatchObject({ status: 'invalid', version: '1.2.0', config: { path: 's3://one' } })
    expect(view.problems?.map(({ path }) => path).toSorted()).toEqual(['bucket', 'path'])
    await project.stacks.register({ name: 'prod', components: { [type]: ['prod'], orchestrator: ['default'] } })
    const [good, bad] = await project.stacks.list()
    expect(good).toMatchObject({ name: 'default', status: 'ok' })
    expect(bad).toMatchObject({ name: 'prod', status: 'invalid', problems: [{ path: 'artifact-store.prod' }, {}] })
  })

  it('is repaired step by step, and is then of the new version', async () => {
    const { project } = await broken()
    const half = await project.components.update(type, 'prod', { set: { bucket: 's3://one' } })
    expect(half.component).toMatchObject({ status: 'invalid', version: '1.2.0' })
    const whole = await project.components.removeAttributes(type, 'prod', ['path'])
    expect(whole.component).toMatchObject({ status: 'ok', version: '2.0.0', config: { bucket: 's3://one' } })
    expect(await project.records.findComponent(type, 'prod')).toMatchObject({ configVersion: 4 })
  })

  it('is not made worse', async () => {
    const { project } = await broken()
    await expect(project.components.update(type, 'prod', { set: { bucket: 'http://x' } })).rejects.toMatchObject({
      code: 'invalid-config',
      problems: [expect.objectContaining({ path: 'bucket' })],
    })
  })

  it('is renamed, copied and deleted', async () => {
    const { project } = await broken()
    await project.components.rename(type, 'prod', 'renamed')
    await project.components.copy(type, 'renamed', 'copied')
    await project.components.delete(type, 'renamed')
    expect((await project.components.list(type)).map(({ name }) => name)).toEqual(['copied', 'default'])
  })
})

describe('a component whose package is gone', () => {
  it('is missing-flavor, and can still be renamed and deleted but not changed', async () => {
    const { root, project } = await bucketProject()
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config: { path: 's3://one' } })
    await project.close()
    rmSync(join(root, 'node_modules/@acme'), { recursive: true })
    const later = await openTestProject(root)
    expect(await later.components.describe(type, 'prod')).toMatchObject({ status: 'missing-flavor' })
    await expect(later.components.update(type, 'prod', { set: { path: 's3://b' } })).rejects.toMatchObject({
      code: 'unknown-flavor',
    })
    await later.components.rename(type, 'prod', 'old')
    await later.components.delete(type, 'old')
  })
})

describe('changes at the same time', () => {
  it('are a conflict, not a lost update', async () => {
    const { root, project } = await bucketProject()
    await project.components.register({ type, name: 'prod', flavor: 'bucket', config: { path: 's3://one' } })
    const other = await openTestProject(root)
    const results = await Promise.allSettled([
      project.components.update(type, 'prod', { set: { path: 's3://two' } }),
      other.components.update(type, 'prod', { set: { clientKwargs: { region: 'eu' } } }),
    ])
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(refused).toEqual(['conflict'])
  })
})
