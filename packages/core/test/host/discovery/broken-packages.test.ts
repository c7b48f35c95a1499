import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FlavorRegistry } from '../../../src/host/index.js'
import { flavorPackage, manifest, project } from '../flavor-fixture.js'

function listed(stack: unknown, rest = {}) {
  const root = project({
    'package.json': { dependencies: { 'flavor-broken': '1', 'flavor-good': '1' } },
    'node_modules/flavor-broken/package.json':
      typeof stack === 'string' ? stack : flavorPackage('flavor-broken', stack, rest),
    'node_modules/flavor-good/package.json': flavorPackage('flavor-good', manifest({ name: 'good' })),
  })
  const registry = new FlavorRegistry({ projectRoot: root })
  const rows = registry.rows()
  expect(rows).toContainEqual(expect.objectContaining({ name: 'good', status: 'ok' }))
  return { registry, row: rows.find((row) => row.package === 'flavor-broken') }
}

describe('a broken manifest is a row with a reason and hides no other flavor', () => {
  test.each([
    ['newer', { ...manifest(), manifestVersion: 2 }, /version 2, this program reads version 1/],
    ['without a contract', { ...manifest(), contract: 'x' }, /"contract" must be a positive integer/],
    ['without flavors', { manifestVersion: 1, contract: 1 }, /"flavors" must be an array/],
    ['extends no names', manifest({}, { extends: ['../x'] }), /"extends" must be/],
    ['unknown type', manifest({ type: 'store' }), /"type" must be a component type/],
    ['bad name', manifest({ name: 'S 3' }), /"name" must be/],
    ['schema outside', manifest({ configSchema: './../../x.json' }), /"configSchema" must be/],
    ['absolute schema', manifest({ configSchema: '/etc/passwd' }), /"configSchema" must be/],
    ['entry outside', manifest({ entry: '../x' }), /"entry" must be/],
    ['capabilities no object', manifest({ capabilities: [] }), /"capabilities" must be/],
    ['no object', { manifestVersion: 1, contract: 1, flavors: ['x'] }, /must be an object/],
  ])('%s', (_, stack, reason) => {
    const { row } = listed(stack)
    expect(row).toMatchObject({ status: 'invalid', reason: expect.stringMatching(reason) })
  })

  test('a flavor twice in one manifest keeps the first', () => {
    const one = (manifest() as { flavors: object[] }).flavors[0]
    const { registry } = listed({ manifestVersion: 1, contract: 1, flavors: [one, one] })
    expect(registry.resolve('artifact-store', 's3').package).toBe('flavor-broken')
    expect(registry.rows().map(({ status }) => status)).toEqual(['ok', 'ok', 'invalid'])
  })

  test('a package.json that is no JSON', () => {
    expect(listed('{"stack": {"manifestVersion": 1,').row).toMatchObject({
      status: 'invalid',
      reason: expect.stringMatching(/no valid JSON/),
    })
  })

  test('a huge package.json', () => {
    const { row } = listed(manifest({ description: 'x'.repeat(1_100_000) }))
    expect(row).toMatchObject({ status: 'invalid', reason: expect.stringMatching(/larger than 1 MiB/) })
  })

  test.each([['a string'], [{ stackName: 'x' }], [null], [[1]], [{ manifestVersion: '1' }]])(
    "somebody else's stack key is ignored: %j",
    (stack) => {
      expect(listed(stack).row).toBeUndefined()
    },
  )

  test('another contract is told on use', () => {
    const { registry, row } = listed(manifest({}, { contract: 7 }))
    expect(row).toMatchObject({ status: 'invalid', reason: expect.stringMatching(/contract 7/) })
    expect(registry.tryResolve('artifact-store', 's3')).toMatchObject({
      code: 'contract-mismatch',
      message: expect.stringMatching(/flavor-broken 1\.2\.3 cannot be used: it is built for contract 7/),
    })
  })

  test('using a broken one gives its reason', () => {
    const { registry } = listed({ ...manifest(), manifestVersion: 2 })
    expect(registry.tryResolve('artifact-store', 's3')).toMatchObject({ code: 'invalid-manifest' })
  })
})

test('terminal escapes and controls in a description, version and names are neutralised', () => {
  const { registry } = listed(manifest({ description: 'a\u001b[31mred\u001b[0m\u0007\u202e b\nc' }), {
    version: '1\u001b]0;owned\u0007',
  })
  const handle = registry.resolve('artifact-store', 's3')
  expect(handle.description).toBe('ared  b c')
  expect(handle.version).toBe('1')
})

test('names: __proto__, 10,000 characters, controls', () => {
  const { registry } = listed(manifest())
  for (const name of ['__proto__', 'x'.repeat(10_000), 'a\u001b[31m', '', '../x', 'a:b:']) {
    const error = registry.tryResolve('artifact-store', name)
    expect(error).toMatchObject({ code: 'invalid-name' })
    expect((error as Error).message.length).toBeLessThan(200)
    expect((error as Error).message).not.toContain('\u001b')
  }
})

test('an unknown flavor gets a suggestion, and a hint of another type', () => {
  const { registry } = listed(manifest())
  expect(registry.tryResolve('artifact-store', 'godo')).toMatchObject({
    code: 'unknown-flavor',
    message: 'There is no artifact store flavor "godo". Did you mean "good"?',
  })
  expect(registry.tryResolve('orchestrator', 'good')).toMatchObject({
    message: 'There is no orchestrator flavor "good". There is one for the type artifact-store.',
  })
})

test('dependency names that are no names are not looked up', () => {
  const root = project({
    'package.json': { dependencies: { '../../evil': '1', __proto__: '1', '': '1', './x': '1' } },
    'evil/package.json': flavorPackage('evil'),
  })
  expect(new FlavorRegistry({ projectRoot: join(root) }).rows()).toEqual([])
})
