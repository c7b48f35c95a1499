import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { giveTo, stranger, strangers } from '@stack/test-owners'
import { describe, expect, test, vi } from 'vitest'
import { FlavorRegistry } from '../../../src/host/index.js'
import { type Files, flavorPackage, manifest, project, writeFiles } from '../flavor-fixture.js'

const { missing, reason } = strangers
const refused = expect.objectContaining({ code: 'permission-denied' })
const names = (projectRoot: string) => new FlavorRegistry({ projectRoot }).rows().map(({ name }) => name)

/** A project two directories below one in which another user put files. */
function below(theirs: Files, own: Files = {}): { readonly above: string; readonly root: string } {
  const above = project(theirs)
  for (const path of Object.keys(theirs)) giveTo(stranger, join(above, path.split('/')[0] ?? ''))
  const root = join(above, 'mine/project')
  mkdirSync(root, { recursive: true })
  writeFiles(root, own)
  return { above, root }
}

const acme = { 'node_modules/acme-s3/package.json': flavorPackage('acme-s3') }

describe.skipIf(missing)(`what another user put above a project${reason}`, () => {
  test.each([
    ['a package.json that would be the project’s', { 'package.json': { dependencies: {} } }, {}],
    ['a package.json of a workspace', { 'package.json': { workspaces: ['*'] } }, { 'package.json': {} }],
    ['a pnpm-workspace.yaml', { 'package.json': {}, 'pnpm-workspace.yaml': 'packages: []' }, { 'package.json': {} }],
    ['a node_modules with a dependency', acme, { 'package.json': { dependencies: { 'acme-s3': '1' } } }],
    [
      'a node_modules with an extended package',
      { 'node_modules/base/package.json': flavorPackage('base') },
      {
        'package.json': { dependencies: { 'acme-s3': '1' } },
        'node_modules/acme-s3/package.json': flavorPackage('acme-s3', manifest({}, { extends: ['base'] })),
      },
    ],
    [
      'a node_modules with an undeclared flavor',
      { 'node_modules/flavor-x/package.json': flavorPackage('flavor-x') },
      { 'package.json': {} },
    ],
    [
      'a node_modules with one in a scope',
      { 'node_modules/@a/flavor-x/package.json': flavorPackage('@a/flavor-x') },
      {},
    ],
  ] satisfies [string, Files, Files][])('is refused where it would be used: %s', (_, theirs, own) => {
    const { above, root } = below(theirs, own)
    expect(() => names(root)).toThrow(refused)
    vi.stubEnv('STACK_SAFE_DIRECTORIES', above)
    expect(() => names(root)).not.toThrow()
    vi.unstubAllEnvs()
    expect(() => names(root)).toThrow(refused)
  })

  test('is no matter where it would not be used', () => {
    const theirs = {
      'package.json': {},
      'tsconfig.json': '{}',
      'node_modules/left-pad/package.json': { name: 'left-pad' },
    }
    const { root } = below(theirs, { 'package.json': { dependencies: { 'acme-s3': '1' } }, ...acme })
    expect(names(root)).toEqual(['s3'])
  })

  test('is not used by way of the cache that a trusting command wrote', () => {
    const { above, root } = below(acme, { 'package.json': { dependencies: { 'acme-s3': '1' } } })
    mkdirSync(join(root, '.stack'), { mode: 0o700 })
    vi.stubEnv('STACK_SAFE_DIRECTORIES', above)
    expect(names(root)).toEqual(['s3'])
    vi.unstubAllEnvs()
    expect(() => names(root)).toThrow(refused)
  })

  test('is refused behind one’s own link', () => {
    const { above, root } = below(acme, { 'package.json': { dependencies: { 'acme-s3': '1' } } })
    const between = join(above, 'mine')
    symlinkSync(join(above, 'node_modules'), join(between, 'node_modules'))
    expect(() => names(root)).toThrow(refused)
  })

  test('is used in the project’s own root', () => {
    const root = project({ 'package.json': { dependencies: { 'acme-s3': '1' } }, ...acme })
    giveTo(stranger, root)
    expect(names(root)).toEqual(['s3'])
  })

  test('a cache of theirs is not read', () => {
    const root = project({ 'package.json': { dependencies: { 'acme-s3': '1' } }, ...acme })
    mkdirSync(join(root, '.stack'), { mode: 0o700 })
    expect(names(root)).toEqual(['s3'])
    giveTo(stranger, join(root, '.stack'))
    const before = new FlavorRegistry({ projectRoot: root })
    writeFileSync(join(root, '.stack/cache/flavors.json'), 'theirs')
    expect(before.rows()).toHaveLength(1)
    expect(names(root)).toEqual(['s3'])
  })
})
