import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bucketCode, installFlavorPackage, linkCore } from '../flavor-package.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'

const whole = { 'artifact-store': ['default'], orchestrator: ['default'] }

describe('register', () => {
  it('names components by type', async () => {
    const project = await openTestProject(temporaryDirectory())
    await project.components.copy('artifact-store', 'default', 'other')
    const stack = await project.stacks.register({ name: 'prod', components: { ...whole, 'artifact-store': ['other'] } })
    expect(stack).toEqual({
      id: expect.any(String),
      name: 'prod',
      active: false,
      components: { orchestrator: ['default'], 'artifact-store': ['other'] },
      status: 'ok',
    })
    expect(await project.stacks.describe('prod')).toEqual(stack)
    expect((await project.stacks.list()).map(({ name, active }) => [name, active])).toEqual([
      ['default', true],
      ['prod', false],
    ])
  })

  it('reports everything that is wrong at once', async () => {
    const project = await openTestProject(temporaryDirectory())
    const components = { 'artifact-store': ['defualt', 'default'], alerter: ['nobody'] }
    await expect(project.stacks.register({ name: 'prod', components })).rejects.toMatchObject({
      code: 'invalid-stack',
      problems: [
        { path: 'artifact-store', message: expect.stringContaining('Did you mean "default"?') },
        { path: 'alerter', message: expect.stringContaining('"nobody"') },
        { path: 'orchestrator', message: expect.stringContaining('missing') },
        { path: 'artifact-store', message: expect.stringContaining('only one') },
      ],
    })
  })

  it('is not-found where only a name is unknown', async () => {
    const project = await openTestProject(temporaryDirectory())
    const components = { ...whole, orchestrator: ['defaul'] }
    await expect(project.stacks.register({ name: 'prod', components })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Did you mean "default"?'),
    })
  })

  it('refuses an unknown type, a taken name and an invalid one', async () => {
    const project = await openTestProject(temporaryDirectory())
    const typo = { ...whole, orchestratr: ['default'] } as never
    await expect(project.stacks.register({ name: 'prod', components: typo })).rejects.toMatchObject({
      code: 'unknown-component-type',
    })
    await expect(project.stacks.register({ name: 'default', components: whole })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(project.stacks.register({ name: '-x', components: whole })).rejects.toMatchObject({
      code: 'invalid-name',
    })
  })
})

describe('change', () => {
  it('replaces the components of the named types', async () => {
    const project = await openTestProject(temporaryDirectory())
    await project.components.copy('orchestrator', 'default', 'big')
    expect((await project.stacks.update('default', { orchestrator: ['big'] })).components).toEqual({
      orchestrator: ['big'],
      'artifact-store': ['default'],
    })
    await expect(project.stacks.update('default', { orchestrator: ['big', 'default'] })).rejects.toMatchObject({
      code: 'invalid-stack',
    })
  })

  it('does not take out what every stack needs, nor what is not there', async () => {
    const project = await openTestProject(temporaryDirectory())
    await expect(project.stacks.removeComponent('default', 'orchestrator')).rejects.toMatchObject({
      code: 'invalid-stack',
    })
    await expect(project.stacks.removeComponent('default', 'alerter')).rejects.toMatchObject({ code: 'not-found' })
    await expect(project.stacks.removeComponent('default', 'orchestrator', ['x'])).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('takes one of several components out', async () => {
    const root = temporaryDirectory()
    linkCore(root)
    installFlavorPackage(root, {
      package: '@acme/flavor-horn',
      type: 'alerter',
      name: 'horn',
      configSchema: { type: 'object' },
    })
    const project = await openTestProject(root)
    for (const name of ['loud', 'quiet']) await project.components.register({ type: 'alerter', name, flavor: 'horn' })
    await project.stacks.update('default', { alerter: ['quiet', 'loud'] })
    const one = await project.stacks.removeComponent('default', 'alerter', ['quiet'])
    expect(one.components.alerter).toEqual(['loud'])
    const none = await project.stacks.removeComponent('default', 'alerter')
    expect(none.components).toEqual(whole)
  })

  it('copies', async () => {
    const project = await openTestProject(temporaryDirectory())
    expect(await project.stacks.copy('default', 'copy')).toMatchObject({ name: 'copy', components: whole })
    await expect(project.stacks.copy('default', 'copy')).rejects.toMatchObject({ code: 'already-exists' })
    await project.stacks.delete('copy')
    await expect(project.stacks.describe('copy')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the active stack', () => {
  it('is the flag, else the environment, else the local choice, else default', async () => {
    const root = temporaryDirectory()
    const project = await openTestProject(root)
    for (const name of ['chosen', 'env', 'flag']) await project.stacks.copy('default', name)
    const env = { STACK_ACTIVE_STACK: 'env' }
    const active = async (selection = {}) => {
      const { stack, source } = await project.stacks.active(selection)
      return [stack.name, source]
    }
    expect(await active()).toEqual(['default', 'default'])
    await project.stacks.setActive('chosen')
    expect(await active()).toEqual(['chosen', 'project'])
    expect(await active({ env })).toEqual(['env', 'environment'])
    expect(await active({ env, flag: 'flag' })).toEqual(['flag', 'flag'])
    const other = await openTestProject(root)
    expect((await other.stacks.active()).stack.name).toBe('chosen')
    expect((await other.stacks.list()).filter((stack) => stack.active).map(({ name }) => name)).toEqual(['chosen'])
  })

  it('is chosen before anything else was written', async () => {
    const root = temporaryDirectory()
    const project = await openTestProject(root)
    expect(await project.stacks.setActive('default')).toMatchObject({ active: true })
    expect(readFileSync(join(root, '.stack/.gitignore'), 'utf8')).toBe('*\n')
  })

  it('stays active when it is renamed', async () => {
    const project = await openTestProject(temporaryDirectory())
    await project.stacks.copy('default', 'prod')
    await project.stacks.setActive('prod')
    expect(await project.stacks.rename('prod', 'production')).toMatchObject({ name: 'production', active: true })
  })

  it('cannot be deleted', async () => {
    const project = await openTestProject(temporaryDirectory())
    await expect(project.stacks.delete('default')).rejects.toMatchObject({ code: 'in-use' })
    await project.stacks.copy('default', 'prod')
    await project.stacks.setActive('prod')
    await expect(project.stacks.delete('prod')).rejects.toMatchObject({ code: 'in-use' })
    await project.stacks.delete('default')
  })

  it('is not-found where it is unknown or gone, and the stacks are listed all the same', async () => {
    const root = temporaryDirectory()
    const project = await openTestProject(root)
    await expect(project.stacks.setActive('prd')).rejects.toMatchObject({ code: 'not-found' })
    await expect(project.stacks.active({ flag: 'defalt' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"default"'),
    })
    await project.stacks.setActive('default')
    writeFileSync(join(root, '.stack/active-stack'), 'nobody\n')
    await expect(project.stacks.active()).rejects.toMatchObject({ code: 'not-found' })
    expect(await project.stacks.list()).toHaveLength(1)
  })
})

describe('definition', () => {
  it('is the stack as data, required types first', async () => {
    const root = temporaryDirectory()
    linkCore(root)
    installFlavorPackage(root, { package: '@acme/flavor-bucket', version: '3.0.0', code: bucketCode })
    const project = await openTestProject(root)
    const config = { path: 's3://one', secret: '{{env:SECRET}}' }
    await project.components.register({ type: 'artifact-store', name: 'bucket', flavor: 'bucket', config })
    await project.stacks.register({ name: 'prod', components: { ...whole, 'artifact-store': ['bucket'] } })
    expect(await project.stacks.definition('prod')).toEqual({
      name: 'prod',
      components: [
        {
          id: 'default-orchestrator',
          type: 'orchestrator',
          name: 'default',
          flavor: 'local',
          package: '@stack/flavor-local',
          version: expect.any(String),
          source: null,
          config: {},
          settings: {},
        },
        {
          id: expect.any(String),
          type: 'artifact-store',
          name: 'bucket',
          flavor: 'bucket',
          package: '@acme/flavor-bucket',
          version: '3.0.0',
          source: null,
          config,
          settings: {},
        },
      ],
    })
    await expect(project.stacks.definition('prd')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('validate', () => {
  it('finds what JSON Schema cannot say', async () => {
    const root = temporaryDirectory()
    linkCore(root)
    installFlavorPackage(root, { package: '@acme/flavor-bucket' })
    const project = await openTestProject(root)
    const config = { path: 's3://forbidden' }
    await project.components.register({ type: 'artifact-store', name: 'bucket', flavor: 'bucket', config })
    const stack = await project.stacks.register({
      name: 'prod',
      components: { ...whole, 'artifact-store': ['bucket'] },
    })
    expect(stack.status).toBe('ok')
    expect(await project.stacks.validate('prod')).toMatchObject({
      problems: [],
      warnings: [{ code: 'flavor-unloadable' }],
    })
    await project.close()
    installFlavorPackage(root, { package: '@acme/flavor-bucket', code: bucketCode })
    const later = await openTestProject(root)
    expect((await later.stacks.validate('prod')).problems).toEqual([
      { path: 'artifact-store.bucket', message: expect.stringContaining('forbidden') },
    ])
  })
})
