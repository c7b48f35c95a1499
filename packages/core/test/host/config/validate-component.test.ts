import { describe, expect, test } from 'vitest'
import { checkValues, FlavorRegistry, validateComponent } from '../../../src/host/index.js'
import { codeProject, storeSchema } from '../code-fixture.js'

function validate(config: unknown, settings: unknown = {}, root = codeProject()) {
  const registry = new FlavorRegistry({ projectRoot: root })
  return validateComponent({ registry, handle: registry.resolve('alerter', 'post'), config, settings })
}

test('a right config has no problems', async () => {
  expect(await validate({ path: 's3://a', key: '{{env:KEY}}' }, { speed: 3 })).toEqual({
    problems: [],
    warnings: [],
    secretPlainText: false,
  })
})

test('all problems at once, settings under their prefix', async () => {
  const { problems } = await validate({ paht: 1, region: 'mars-north', port: 'y' }, { speed: 'fast', sped: 1 })
  expect(problems).toEqual([
    { path: 'path', message: 'is required' },
    { path: 'paht', message: 'is not a known field. Did you mean "path"?' },
    { path: 'region', message: 'must be one of "eu", "us".' },
    { path: 'port', message: 'must be an integer, not a string' },
    { path: 'settings.speed', message: 'must be an integer, not a string' },
    { path: 'settings.sped', message: 'is not a known field. Did you mean "speed"?' },
  ])
})

test('what only the module can say is said by it', async () => {
  expect((await validate({ path: 's3://forbidden' })).problems).toEqual([
    { path: '', message: 'this bucket is forbidden' },
  ])
})

describe('secrets', () => {
  test('plain text is refused at any depth, and never repeated', async () => {
    const secrets = ['hunter2-top', 'hunter2-list', 'hunter2-union']
    const result = await validate({
      path: 's3://a',
      key: secrets[0],
      tokens: ['{{env:A}}', secrets[1]],
      login: { kind: 'key', value: secrets[2] },
    })
    expect(result.secretPlainText).toBe(true)
    expect(result.problems.map(({ path }) => path)).toEqual(['key', 'tokens[1]', 'login.value'])
    for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret)
  })

  test('the other form of a union has no secret', async () => {
    const result = await validate({ path: 's3://a', login: { kind: 'name', value: 'plain' } })
    expect(result).toMatchObject({ problems: [], secretPlainText: false })
  })

  test('a named secret is kept and warned about', async () => {
    const result = await validate({ path: 's3://a', key: '{{aws.key}}' })
    expect(result.problems).toEqual([])
    expect(result.warnings).toMatchObject([
      { code: 'secret-unresolved', message: expect.stringContaining('{{aws.key}}') },
    ])
  })

  test.each(['{{aws}}', '{{env:}}', 'x{{env:A}}', '{{env:A}} ', '{{ env:A }}'])(
    'what is no whole reference is plain text: %s',
    async (key) => {
      expect((await validate({ path: 's3://a', key })).secretPlainText).toBe(true)
    },
  )

  test('references stand in other fields too, and their problems wait', async () => {
    expect(
      (await validate({ path: '{{env:PATH_OF_STORE}}', port: '{{env:PORT}}', region: '{{env:REGION}}' })).problems,
    ).toEqual([])
  })
})

test('where the module throws, the JSON Schema decides, with a warning', async () => {
  const root = codeProject({ 'flavor.js': "throw new Error('broken')" })
  expect(await validate({ path: 's3://forbidden' }, {}, root)).toMatchObject({
    problems: [],
    warnings: [{ code: 'flavor-unloadable', message: expect.stringContaining('broken') }],
  })
  expect((await validate({}, {}, root)).problems).toEqual([{ path: 'path', message: 'is required' }])
})

test('a pattern outside RE2 is refused with its reason', async () => {
  const schema = { type: 'object', properties: { path: { type: 'string', pattern: '(?=a)' } } }
  await expect(validate({ path: 'a' }, {}, codeProject({ 'config.json': schema }))).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringMatching(/RE2/),
  })
})

test('settings may be given in part', async () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  expect(await checkValues(schema, {}, { kind: 'settings' })).toEqual([])
  expect(await checkValues(schema, {}, { kind: 'config' })).toEqual([{ path: 'a', message: 'is required' }])
  expect(await checkValues(storeSchema, JSON.parse('{"path":"s3:","__proto__":1}'), { kind: 'config' })).toHaveLength(1)
})
