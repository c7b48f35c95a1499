import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FlavorRegistry } from '../../../src/host/index.js'
import { flavorPackage, link, manifest, project, temporaryDirectory, writeFiles } from '../flavor-fixture.js'

const rows = (projectRoot: string, builtins: readonly string[] = []) =>
  new FlavorRegistry({ projectRoot, builtins }).rows()

describe('layouts', () => {
  test('finds a declared package in npm and yarn 1 layouts, and a hoisted undeclared one', () => {
    const root = project({
      'package.json': { dependencies: { '@acme/flavor-s3': '1' }, devDependencies: { other: '1' } },
      'node_modules/@acme/flavor-s3/package.json': flavorPackage('@acme/flavor-s3'),
      'node_modules/other/package.json': { name: 'other', stack: { unrelated: true } },
      'node_modules/stack-flavor-gcs/package.json': flavorPackage('stack-flavor-gcs', manifest({ name: 'gcs' })),
    })
    expect(rows(root)).toEqual([
      {
        type: 'artifact-store',
        name: 'gcs',
        package: 'stack-flavor-gcs',
        version: '1.2.3',
        origin: 'undeclared',
        status: 'undeclared',
        reason: expect.stringContaining('stack-flavor-gcs'),
      },
      {
        type: 'artifact-store',
        name: 's3',
        package: '@acme/flavor-s3',
        version: '1.2.3',
        origin: 'project',
        status: 'ok',
      },
    ])
  })

  test('follows the links of pnpm isolated, and what a package extends from its real place', () => {
    const root = project({ 'package.json': { dependencies: { '@acme/flavor-s3': '1' } } })
    const store = join(root, 'node_modules/.pnpm/@acme+flavor-s3@1/node_modules')
    writeFiles(store, {
      '@acme/flavor-s3/package.json': flavorPackage(
        '@acme/flavor-s3',
        manifest({}, { extends: ['acme-orchestrator'] }),
      ),
      'acme-orchestrator/package.json': flavorPackage(
        'acme-orchestrator',
        manifest({ type: 'orchestrator', name: 'k8s' }),
      ),
    })
    link(join(store, '@acme/flavor-s3'), join(root, 'node_modules/@acme/flavor-s3'))
    const registry = new FlavorRegistry({ projectRoot: root })
    expect(registry.rows().map(({ name, origin, status }) => [name, origin, status])).toEqual([
      ['s3', 'project', 'ok'],
      ['k8s', 'extended', 'ok'],
    ])
    expect(registry.resolve('artifact-store', 's3').root).toBe(join(store, '@acme/flavor-s3'))
  })

  test('finds what pnpm hoisted and yarn hoist to the workspace root', () => {
    const root = project({
      'pnpm-workspace.yaml': 'packages: [apps/*]',
      'package.json': { devDependencies: { 'acme-root-flavor': '1' } },
      'apps/train/package.json': { dependencies: { '@acme/flavor-s3': '1' } },
      'node_modules/@acme/flavor-s3/package.json': flavorPackage('@acme/flavor-s3'),
      'node_modules/acme-root-flavor/package.json': flavorPackage('acme-root-flavor', manifest({ name: 'gcs' })),
    })
    expect(rows(join(root, 'apps/train')).map(({ name, origin }) => [name, origin])).toEqual([
      ['gcs', 'workspace'],
      ['s3', 'project'],
    ])
  })

  test('finds a workspace member linked into another, from a directory without a package.json', () => {
    const root = project({
      'package.json': { workspaces: ['packages/*'], dependencies: { 'flavor-own': '*' } },
      'packages/own/package.json': flavorPackage('flavor-own'),
    })
    link(join(root, 'packages/own'), join(root, 'node_modules/flavor-own'))
    mkdirSync(join(root, 'deep/down'), { recursive: true })
    expect(rows(join(root, 'deep/down'))).toMatchObject([{ name: 's3', package: 'flavor-own', origin: 'project' }])
  })

  test('leaves a package.json above the project alone where no workspace joins them', () => {
    const root = project({
      'package.json': { dependencies: { 'acme-s3': '1' } },
      'node_modules/acme-s3/package.json': flavorPackage('acme-s3'),
      'inner/package.json': {},
    })
    expect(rows(join(root, 'inner'))).toEqual([])
  })

  test('lists nothing in an empty directory, and the builtin of the program anywhere', () => {
    const carried = project({ 'package.json': flavorPackage('@stack/flavor-local', manifest({ name: 'local' })) })
    expect(rows(temporaryDirectory())).toEqual([])
    expect(rows(temporaryDirectory(), [carried])).toMatchObject([{ name: 'local', origin: 'builtin', status: 'ok' }])
  })
})

describe('rank', () => {
  test('a project comes before a workspace, extended, builtin; the weaker are shadowed', () => {
    const carried = project({ 'package.json': flavorPackage('carried') })
    const root = project({
      'package.json': { workspaces: ['app'], dependencies: { 'acme-root': '1' } },
      'app/package.json': { dependencies: { 'acme-app': '1' } },
      'node_modules/acme-app/package.json': flavorPackage('acme-app'),
      'node_modules/acme-root/package.json': flavorPackage('acme-root'),
    })
    const registry = new FlavorRegistry({ projectRoot: join(root, 'app'), builtins: [carried] })
    expect(registry.rows().map(({ package: name, status, reason }) => [name, status, reason])).toEqual([
      ['acme-app', 'ok', undefined],
      ['acme-root', 'shadowed', 'acme-app has it too and comes first'],
      ['carried', 'shadowed', 'acme-app has it too and comes first'],
    ])
    expect(registry.resolve('artifact-store', 'acme-root:s3').package).toBe('acme-root')
  })

  test('the same flavor from two packages of one rank is an error that names both', () => {
    const root = project({
      'package.json': { dependencies: { '@a/flavor-s3': '1', '@b/flavor-s3': '1' } },
      'node_modules/@a/flavor-s3/package.json': flavorPackage('@a/flavor-s3'),
      'node_modules/@b/flavor-s3/package.json': flavorPackage('@b/flavor-s3'),
    })
    const registry = new FlavorRegistry({ projectRoot: root })
    expect(registry.rows().map(({ status }) => status)).toEqual(['ambiguous', 'ambiguous'])
    expect(registry.tryResolve('artifact-store', 's3')).toMatchObject({
      code: 'ambiguous-flavor',
      message: expect.stringMatching(/@a\/flavor-s3 and @b\/flavor-s3/),
      hint: 'Say which, as in: --flavor @a/flavor-s3:s3',
    })
    expect(registry.resolve('artifact-store', '@b/flavor-s3:s3').package).toBe('@b/flavor-s3')
  })

  test('an undeclared package is used only by its full name', () => {
    const root = project({
      'package.json': {},
      'node_modules/flavor-s3/package.json': flavorPackage('flavor-s3'),
    })
    const registry = new FlavorRegistry({ projectRoot: root })
    expect(registry.tryResolve('artifact-store', 's3')).toMatchObject({
      code: 'unknown-flavor',
      hint: 'npm install flavor-s3, or give its full name: --flavor flavor-s3:s3',
    })
    expect(registry.resolve('artifact-store', 'flavor-s3:s3').origin).toBe('undeclared')
  })

  test('a package that the program carries and the project has at the same place is one', () => {
    const root = project({
      'package.json': {},
      'node_modules/@stack/flavor-local/package.json': flavorPackage('@stack/flavor-local'),
    })
    const carried = join(root, 'node_modules/@stack/flavor-local')
    expect(rows(root, [carried])).toMatchObject([{ origin: 'builtin', status: 'ok' }])
  })
})
