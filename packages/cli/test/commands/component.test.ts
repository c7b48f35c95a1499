import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { makeDirectory, stack } from '../program.js'

const project = () => makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage() })
const register = (root: string, name: string, ...flags: string[]) =>
  stack(root, ['artifact-store', 'register', name, '--flavor=s3', ...flags, '--json'])

describe('stack <type> register', () => {
  it('takes the fields of the flavor as flags and shows the component as recorded', async () => {
    const root = project()
    const { exitCode, json } = await register(
      root,
      'prod-bucket',
      '--path=s3://bucket/prefix',
      '--secret={{env:AWS_SECRET}}',
      '--retries',
      '5',
      '--client-kwargs.region=eu',
      '--clientKwargs.port=80',
      '--tags=a',
      '--tags=b',
      '--config.json',
    )
    expect(exitCode).toBe(0)
    expect(json().data).toMatchObject({
      type: 'artifact-store',
      name: 'prod-bucket',
      flavor: 's3',
      package: 'flavor-s3',
      version: '1.2.3',
      status: 'ok',
      config: {
        path: 's3://bucket/prefix',
        secret: '{{env:AWS_SECRET}}',
        retries: 5,
        clientKwargs: { region: 'eu', port: 80 },
        tags: ['a', 'b'],
        json: true,
      },
    })
    expect(json().warnings?.map(({ code }) => code)).toContain('flavor-unloadable')
  })

  it('takes a file of fields, JSON or YAML, over which flags win', async () => {
    const root = project()
    writeFileSync(join(root, 'store.yaml'), 'path: s3://a\nretries: 1\nclientKwargs:\n  region: eu\n')
    const { json } = await register(root, 'store', '--config=store.yaml', '--retries=2', '--client-kwargs.zone=b')
    expect(json().data).toMatchObject({
      config: { path: 's3://a', retries: 2, clientKwargs: { region: 'eu', zone: 'b' } },
    })
    writeFileSync(join(root, 'broken.json'), '{')
    expect((await register(root, 'other', '--config=broken.json')).json().error?.code).toBe('usage')
    expect((await register(root, 'other', '--config=absent.json')).exitCode).toBe(3)
  })

  it('shows the fields of a flavor with type, default, required and secret', async () => {
    const { stdout, exitCode } = await stack(project(), ['artifact-store', 'register', '--flavor', 's3', '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/--path <string>.*required/)
    expect(stdout).toMatch(/--secret <string>.*secret/)
    expect(stdout).toMatch(/--retries <integer>.*default 3/)
    expect(stdout).toContain('--config.json')
  })

  it('refuses an unknown flavor, type, flag and field with a suggestion, and writes nothing', async () => {
    const root = project()
    const flavor = await stack(root, ['artifact-store', 'register', 'x', '--flavor=s4', '--json'])
    expect(flavor.exitCode).toBe(2)
    expect(flavor.json().error).toMatchObject({ code: 'unknown-flavor', message: expect.stringContaining('s3') })
    const flag = await register(root, 'x', '--pth=s3://a')
    expect(flag.exitCode).toBe(2)
    expect(flag.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('"--path"') })
    const type = await stack(root, ['artifact-stre', 'list', '--json'])
    expect(type.json().error?.message).toContain('"artifact-store"')
    const none = await stack(root, ['artifact-store', 'register', 'x', '--json'])
    expect(none.json().error).toMatchObject({ code: 'usage', hint: 'stack artifact-store flavor list' })
    expect((await stack(root, ['artifact-store', 'describe', 'x', '--json'])).exitCode).toBe(3)
  })

  it('reports every problem at once', async () => {
    const { exitCode, json } = await register(project(), 'x', '--retries=many', '--json', '--tags={}')
    expect(exitCode).toBe(2)
    expect(json().error?.code).toBe('invalid-config')
    expect(json().error?.problems.map(({ path }) => path)).toEqual(expect.arrayContaining(['path', 'retries']))
  })

  it('refuses plain text for a secret', async () => {
    const { exitCode, json, stdout } = await register(project(), 'x', '--path=s3://a', '--secret=hunter2')
    expect(exitCode).toBe(2)
    expect(json().error?.code).toBe('secret-plain-text')
    expect(stdout).not.toContain('hunter2')
  })

  it('refuses names that are none, and a name that is taken', async () => {
    const root = project()
    for (const name of ['a\u001b[31m', '__proto__', 'x'.repeat(10_000), '']) {
      const { exitCode, stdout } = await register(root, name, '--path=s3://a')
      expect(exitCode).toBe(2)
      expect(stdout.length).toBeLessThan(3000)
    }
    await register(root, 'twice', '--path=s3://a')
    expect((await register(root, 'twice', '--path=s3://a')).exitCode).toBe(5)
  })
})

describe('stack <type> list, describe and get', () => {
  it('write nothing where there is no project, and warn that there is none', async () => {
    const root = makeDirectory()
    const { exitCode, json } = await stack(root, ['artifact-store', 'list', '--json'])
    expect(exitCode).toBe(0)
    expect(json().data).toMatchObject([{ name: 'default', flavor: 'local', status: 'ok' }])
    expect(json().warnings?.map(({ code }) => code)).toEqual(['not-initialised'])
    expect(existsSync(join(root, '.stack'))).toBe(false)
  })

  it('print tab-separated lines in a pipe, and names with --quiet', async () => {
    const root = project()
    await register(root, 'one', '--path=s3://a')
    const { stdout } = await stack(root, ['artifact-store', 'list'])
    expect(stdout.split('\n').map((line) => line.split('\t').slice(0, 2))).toContainEqual(['one', 's3'])
    expect((await stack(root, ['artifact-store', 'list', '--quiet'])).stdout).toBe('default\none\n')
    expect((await stack(root, ['artifact-store', 'get', '-q'])).stdout).toBe('default\n')
  })

  it('suggest a name near a misspelt one', async () => {
    const root = project()
    await register(root, 'prod-bucket', '--path=s3://a')
    const { exitCode, json } = await stack(root, ['artifact-store', 'describe', 'prod-buckt', '--json'])
    expect(exitCode).toBe(3)
    expect(json().error).toMatchObject({ code: 'not-found', message: expect.stringContaining('prod-bucket') })
  })
})

describe('stack <type> update, remove-attribute, rename, copy and delete', () => {
  it('change a component and keep the rest of it', async () => {
    const root = project()
    await register(root, 'one', '--path=s3://a', '--client-kwargs.region=eu')
    const updated = await stack(root, ['artifact-store', 'update', 'one', '--client-kwargs.zone=b', '--json'])
    expect(updated.json().data).toMatchObject({ config: { path: 's3://a', clientKwargs: { region: 'eu', zone: 'b' } } })
    const removed = await stack(root, ['artifact-store', 'remove-attribute', 'one', 'client-kwargs.region', '--json'])
    expect(removed.json().data).toMatchObject({ config: { path: 's3://a', clientKwargs: { zone: 'b' } } })
    await stack(root, ['artifact-store', 'rename', 'one', 'two'])
    await stack(root, ['artifact-store', 'copy', 'two', 'three'])
    expect((await stack(root, ['artifact-store', 'list', '-q'])).stdout).toBe('default\nthree\ntwo\n')
    const deleted = await stack(root, ['artifact-store', 'delete', 'two', '--json'])
    expect(deleted.json().data).toMatchObject({ name: 'two', deleted: true })
    expect((await stack(root, ['artifact-store', 'list', '-q'])).stdout).toBe('default\nthree\n')
  })

  it('refuse an attribute that is not there, an update of nothing, and the removal of what is required', async () => {
    const root = project()
    await register(root, 'one', '--path=s3://a', '--retries=4')
    const misspelt = await stack(root, ['artifact-store', 'remove-attribute', 'one', 'retris', '--json'])
    expect(misspelt.exitCode).toBe(2)
    expect(JSON.stringify(misspelt.json().error)).toContain('retries')
    expect((await stack(root, ['artifact-store', 'update', 'one', '--json'])).json().error?.code).toBe('usage')
    expect((await stack(root, ['artifact-store', 'remove-attribute', 'one', 'path', '--json'])).exitCode).toBe(2)
  })

  it('refuse to delete a component in use', async () => {
    const { exitCode, json } = await stack(project(), ['artifact-store', 'delete', 'default', '--yes', '--json'])
    expect(exitCode).toBe(6)
    expect(json().error?.code).toBe('in-use')
  })
})
