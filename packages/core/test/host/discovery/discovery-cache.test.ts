import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import * as discovery from '../../../src/host/discovery/discover-packages.js'
import { FlavorRegistry } from '../../../src/host/index.js'
import { flavorPackage, manifest, project, writeFiles } from '../flavor-fixture.js'

function initialised(): string {
  const root = project({
    'package.json': { dependencies: { 'acme-s3': '1' } },
    'node_modules/acme-s3/package.json': flavorPackage('acme-s3'),
  })
  mkdirSync(join(root, '.stack'))
  return root
}

const names = (projectRoot: string) => new FlavorRegistry({ projectRoot }).rows().map(({ name }) => name)
const cacheOf = (root: string) => join(root, '.stack/cache/flavors.json')

test('a warm listing discovers nothing anew', () => {
  const root = initialised()
  names(root)
  const discover = vi.spyOn(discovery, 'discoverPackages')
  expect(names(root)).toEqual(['s3'])
  expect(discover).not.toHaveBeenCalled()
  discover.mockRestore()
})

test('every change of what was looked at is seen', () => {
  const root = initialised()
  expect(names(root)).toEqual(['s3'])
  writeFiles(root, { 'node_modules/flavor-gcs/package.json': flavorPackage('flavor-gcs', manifest({ name: 'gcs' })) })
  expect(names(root)).toEqual(['gcs', 's3'])
  writeFiles(root, { 'node_modules/acme-s3/package.json': flavorPackage('acme-s3', manifest({ name: 's4' })) })
  expect(names(root)).toEqual(['gcs', 's4'])
  rmSync(join(root, 'node_modules/acme-s3'), { recursive: true })
  expect(names(root)).toEqual(['gcs'])
  writeFiles(root, { 'package.json': { dependencies: { 'acme-new': '1' } } })
  expect(names(root)).toEqual(['gcs'])
  writeFiles(root, { 'node_modules/acme-new/package.json': flavorPackage('acme-new', manifest({ name: 'new' })) })
  expect(names(root)).toEqual(['gcs', 'new'])
})

test.each(['', '{', 'null', '{"format":1}', '{"format":1,"key":"x","paths":[],"packages":[]}'])(
  'a corrupt cache is ignored: %s',
  (text) => {
    const root = initialised()
    mkdirSync(join(root, '.stack/cache'))
    writeFileSync(cacheOf(root), text)
    expect(names(root)).toEqual(['s3'])
    expect(JSON.parse(readFileSync(cacheOf(root), 'utf8'))).toMatchObject({ format: 1 })
    expect(readdirSync(join(root, '.stack/cache'))).toEqual(['flavors.json'])
  },
)

test('nothing is written where there is no .stack', () => {
  const root = project({ 'package.json': {} })
  expect(names(root)).toEqual([])
  expect(existsSync(join(root, '.stack'))).toBe(false)
})
