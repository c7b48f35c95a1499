import { damagedBytes, damagedJson, describeDoor, hostileText } from '@stack/test-fuzz'
import fc from 'fast-check'
import { expect } from 'vitest'
import { parseManifest } from '../../../src/flavor/manifest.js'
import { type DiscoveryRecord, formatDiscovery, parseDiscovery } from '../../../src/host/discovery/discovery-record.js'
import { manifest } from '../flavor-fixture.js'

const parsed = parseManifest(manifest({ settingsSchema: './settings.json' }, { extends: ['acme-base'] }))
const broken = parseManifest({ manifestVersion: 9, flavors: [{ type: 'artifact-store', name: 's3' }] })
const record = {
  key: '["/project",[],""]',
  paths: [
    ['/project/package.json', [1.5, 20, 3]],
    ['/project/pnpm-workspace.yaml', null],
  ],
  packages: [
    { root: '/project/node_modules/a', name: 'a', version: '1.0.0', manifest: parsed, origin: 'project' },
    { root: '/project/node_modules/b', name: 'b', version: '', manifest: broken, origin: 'undeclared' },
  ],
} as unknown as DiscoveryRecord

describeDoor(
  'the text of the discovery cache',
  fc.oneof(damagedBytes(formatDiscovery(record)), hostileText),
  (input) => {
    const text = typeof input === 'string' ? input : Buffer.from(input).toString('utf8')
    // A checksum of 32 bits lets nothing through that random damage makes.
    const found = parseDiscovery(text)
    if (found !== undefined) expect(found).toEqual(record)
  },
)

describeDoor('the discovery cache of another program', damagedJson(record), (value) => {
  const found = parseDiscovery(formatDiscovery(value as DiscoveryRecord))
  if (found === undefined) return
  expect(parseDiscovery(formatDiscovery(found))).toEqual(found)
  for (const { root, name, version, manifest } of found.packages) {
    expect([typeof root, typeof name, typeof version]).toEqual(['string', 'string', 'string'])
    for (const flavor of manifest.flavors) expect(flavor.name).toMatch(/^[a-z]/)
    for (const { reason } of manifest.invalid) expect(reason).toBeTypeOf('string')
  }
})
