import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import * as discovery from '../../../src/host/discovery/discover-packages.js'
import { type DiscoveryRecord, formatDiscovery, parseDiscovery } from '../../../src/host/discovery/discovery-record.js'
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

test.each([
  '',
  '{',
  'null',
  '{"format":1}',
  '{"format":1,"key":"x","paths":[],"packages":[]}',
  'x\n'.repeat(9),
  '00000000\n{}',
])('a corrupt cache is ignored: %s', (text) => {
  const root = initialised()
  mkdirSync(join(root, '.stack/cache'))
  writeFileSync(cacheOf(root), text)
  expect(names(root)).toEqual(['s3'])
  expect(JSON.parse(readFileSync(cacheOf(root), 'utf8').split('\n')[1] ?? '')).toMatchObject({ format: 2 })
  expect(readdirSync(join(root, '.stack/cache'))).toEqual(['flavors.json'])
})

test('nothing is written where there is no .stack', () => {
  const root = project({ 'package.json': {} })
  expect(names(root)).toEqual([])
  expect(existsSync(join(root, '.stack'))).toBe(false)
})

/** The parts of a cache's text, changed and written again as the program would. */
function rewrite(root: string, change: (record: DiscoveryRecord) => unknown): void {
  const record = parseDiscovery(readFileSync(cacheOf(root), 'utf8'))
  if (record === undefined) throw new Error('the cache was written')
  writeFileSync(cacheOf(root), formatDiscovery({ ...record, ...(change(record) as Partial<DiscoveryRecord>) }))
}

test.each([
  [
    'a package without a manifest',
    (record: DiscoveryRecord) => ({ packages: [{ ...record.packages[0], manifest: {} }] }),
  ],
  ['no packages', () => ({ packages: {} })],
  ['an empty package', () => ({ packages: [{}] })],
  ['paths of another shape', () => ({ paths: { a: null } })],
  [
    'a flavor of no type',
    ({ packages: [one] }: DiscoveryRecord) => ({
      packages: [{ ...one, manifest: { ...one?.manifest, flavors: [{ ...one?.manifest.flavors[0], type: 'x' }] } }],
    }),
  ],
  [
    'a flavor that is none',
    ({ packages: [one] }: DiscoveryRecord) => ({
      packages: [{ ...one, manifest: { ...one?.manifest, flavors: [null] } }],
    }),
  ],
])('a cache of another shape is made anew: %s', (_, change) => {
  const root = initialised()
  names(root)
  const sound = readFileSync(cacheOf(root), 'utf8')
  rewrite(root, change)
  expect(readFileSync(cacheOf(root), 'utf8')).not.toBe(sound)
  expect(names(root)).toEqual(['s3'])
  expect(readFileSync(cacheOf(root), 'utf8')).toBe(sound)
})

test('a cache in which one letter changed is made anew', () => {
  const root = initialised()
  names(root)
  const sound = readFileSync(cacheOf(root), 'utf8')
  writeFileSync(cacheOf(root), sound.replace('"s3"', '"s4"'))
  expect(names(root)).toEqual(['s3'])
  expect(readFileSync(cacheOf(root), 'utf8')).toBe(sound)
})

test.each([
  ['the file', '.stack/cache/flavors.json', 0o606],
  ['its directory', '.stack/cache', 0o777],
  ['.stack, as WSL shows it', '.stack', 0o777],
  ['.stack of a group', '.stack', 0o2770],
  ['.stack of a volume in Kubernetes', '.stack', 0o2775],
])('a cache that others can write is neither read nor written: %s', (_, path, mode) => {
  const root = initialised()
  names(root)
  rewrite(root, () => ({ packages: [] }))
  const planted = readFileSync(cacheOf(root), 'utf8')
  expect(names(root)).toEqual([])
  chmodSync(join(root, path), mode)
  expect(names(root)).toEqual(['s3'])
  expect(readFileSync(cacheOf(root), 'utf8')).toBe(planted)
})

test('a new cache is of its user alone, and what stood in its place is no reason to fail', () => {
  const root = initialised()
  names(root)
  expect(statSync(cacheOf(root)).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, '.stack/cache')).mode & 0o777).toBe(0o700)
  rmSync(cacheOf(root))
  mkdirSync(cacheOf(root))
  expect(names(root)).toEqual(['s3'])
})
