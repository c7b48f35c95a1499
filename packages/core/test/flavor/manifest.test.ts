import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { componentTypes } from '../../src/component/component-type.js'
import { isFlavorName, isPackageName, parseManifest } from '../../src/flavor/manifest.js'
import { checkSchema } from '../../src/host/config/check-schema.js'
import { preparePatterns } from '../../src/host/config/patterns.js'
import { schemaFault } from '../../src/host/config/schema-faults.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/manifest.schema.json', import.meta.url), 'utf8'))

const flavor = { type: 'alerter', name: 'post', entry: './alerter', configSchema: './schemas/alerter.json' }

test('the published JSON Schema and the reader accept and refuse the same manifests', async () => {
  await preparePatterns(schema)
  const odd = fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1.5,
    2 ** 60,
    '',
    'x',
    './x',
    '../x',
    './a/../b',
    './..x',
    '/x',
    './',
    '.',
    './a\\b',
    [],
    {},
    true,
    'a'.repeat(70),
    'Ünï',
    '@a/b',
  )
  const mostly = <T>(value: T) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant<unknown>(value) }, { weight: 1, arbitrary: odd })
  const entry = fc.record(
    {
      type: mostly('alerter'),
      name: mostly('post'),
      description: mostly('text'),
      entry: mostly('./alerter'),
      configSchema: mostly('./schemas/a.json'),
      settingsSchema: mostly('./schemas/b.json'),
      configVersion: mostly(2),
      capabilities: mostly({ a: 1 }),
    },
    { requiredKeys: ['type', 'name', 'entry'] },
  )
  const manifest = fc.record(
    {
      manifestVersion: fc.constantFrom(1, 1, 1, 2, 0.5),
      contract: mostly(1),
      flavors: fc.oneof({ weight: 6, arbitrary: fc.array(entry, { maxLength: 1 }) }, { weight: 1, arbitrary: odd }),
      extends: fc.oneof(fc.array(mostly('@acme/flavor-x'), { maxLength: 2 }), odd),
    },
    { requiredKeys: ['manifestVersion', 'contract'] },
  )
  let accepted = 0
  fc.assert(
    fc.property(manifest, (value) => {
      const read = parseManifest(value)
      const valid = read !== undefined && read.invalid.length === 0
      if (valid) accepted += 1
      expect(checkSchema(schema, value).length === 0).toBe(valid)
    }),
    { numRuns: 3000, seed: 7 },
  )
  expect(accepted).toBeGreaterThan(100)
})

test('the published schema can be followed and names every component type', () => {
  expect(schemaFault(schema)).toBeUndefined()
  expect(schema.properties.flavors.items.properties.type.enum).toEqual(componentTypes)
})

test('reads a flavor with what is optional left out', () => {
  expect(parseManifest({ manifestVersion: 1, contract: 1, flavors: [flavor] })).toEqual({
    contract: 1,
    flavors: [{ ...flavor, description: '', settingsSchema: null, configVersion: 1, capabilities: {} }],
    invalid: [],
    extends: [],
  })
})

test('unknown keys of a manifest are left alone', () => {
  expect(
    parseManifest({ manifestVersion: 1, contract: 1, flavors: [{ ...flavor, later: 1 }], later: 1 })?.invalid,
  ).toEqual([])
})

test.each([
  ['s3', true],
  ['my_s3_artifact_store', true],
  ['k8s-cron', true],
  ['S3', false],
  ['3s', false],
  ['a--b', false],
  ['a-', false],
  ['a\u001b', false],
  ['x'.repeat(65), false],
])('flavor name %s: %s', (name, valid) => {
  expect(isFlavorName(name)).toBe(valid)
})

test.each(['..', '.', '@a/..', 'a/b', '@a', '', 'a\\b', '/a', '__proto__/../x'])('"%s" is no package name', (name) => {
  expect(isPackageName(name)).toBe(false)
})
