import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { silentLog } from '../../src/component/log.js'
import type { Secret } from '../../src/component/secret.js'
import { FlavorRegistry, openStack, validateStack } from '../../src/host/index.js'
import type { ConfigValues } from '../../src/ports/record-store.js'
import type { ComponentDefinition } from '../../src/stack/definition.js'
import { codeProject } from '../host/code-fixture.js'
import { flavorPackage, manifest } from '../host/flavor-fixture.js'

const anything = { type: 'object', additionalProperties: true }
const base = (type: string, name: string) => ({
  'package.json': flavorPackage(
    `acme-${name}`,
    manifest({ type, name, entry: './flavor', configSchema: './config.json' }),
    {
      exports: { './flavor': './flavor.js' },
    },
  ),
  'config.json': anything,
  'flavor.js': `import { defineFlavor, z, ${type === 'orchestrator' ? 'Orchestrator' : 'ArtifactStore'} as Base } from '@stack/core'
export const flavor = defineFlavor({ type: '${type}', name: '${name}', config: z.looseObject({}), load: async () => class extends Base {} })`,
})

const placed = (directory: string, files: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [join('node_modules', directory, path), content]))

function stackProject(files = {}) {
  return codeProject(files, {
    'package.json': { dependencies: { 'acme-post': '1', 'acme-engine': '1', 'acme-store': '1' } },
    ...placed('acme-engine', base('orchestrator', 'engine')),
    ...placed('acme-store', base('artifact-store', 'store')),
  })
}

function component(
  type: ComponentDefinition['type'],
  flavor: string,
  config: ConfigValues = {},
  rest: Partial<ComponentDefinition> = {},
): ComponentDefinition {
  return {
    id: `id-${type}`,
    type,
    name: `my-${flavor}`,
    flavor,
    package: `acme-${flavor}`,
    version: '1.2.3',
    source: null,
    config,
    settings: {},
    ...rest,
  }
}

const required = [component('orchestrator', 'engine'), component('artifact-store', 'store')]

function options(root = stackProject(), env = {}) {
  return { registry: new FlavorRegistry({ projectRoot: root }), projectRoot: root, env, log: silentLog }
}

const alerter = (config: ConfigValues, rest: Partial<ComponentDefinition> = {}) =>
  component('alerter', 'post', config, rest)
const stack = (...components: ComponentDefinition[]) => ({ name: 'prod', components: [...required, ...components] })

test('opens components with parsed, resolved, frozen values and secrets that show nothing', async () => {
  const config = {
    path: '{{env:WHERE}}',
    key: '{{env:KEY}}',
    tokens: ['{{env:T1}}'],
    login: { kind: 'key', value: '{{env:KEY}}' },
  }
  const env = { WHERE: 's3://bucket', KEY: 'hunter2-key', T1: 'hunter2-token' }
  await using opened = await openStack(stack(alerter(config, { settings: { speed: 2 } })), {
    ...options(undefined, env),
    settings: { alerter: { speed: 3, mode: 'a' }, 'alerter.post': { speed: 4 }, 'alerter:my-post': { mode: 'b' } },
  })
  expect(opened.components.map(({ name }) => name)).toEqual(['my-engine', 'my-store', 'my-post'])
  expect([opened.orchestrator.name, opened.artifactStore.name]).toEqual(['my-engine', 'my-store'])
  const post = opened.components[2]?.component
  const values = post?.config as {
    path: string
    region: string
    key: Secret
    tokens: Secret[]
    login: { value: Secret }
  }
  expect(post?.settings).toEqual({ speed: 4, mode: 'b' })
  expect([values.path, values.region]).toEqual(['s3://bucket', 'eu'])
  expect([values.key, values.tokens[0], values.login.value].map((secret) => secret?.reveal())).toEqual([
    'hunter2-key',
    'hunter2-token',
    'hunter2-key',
  ])
  expect(`${JSON.stringify(values)} ${inspect(values, { depth: 9 })} ${values.key}`).not.toContain('hunter2')
  expect(Object.isFrozen(values) && Object.isFrozen(values.tokens)).toBe(true)
  expect(opened.redact({ text: 'the key hunter2-key is s3://bucket' })).toEqual({
    text: 'the key [secret] is s3://bucket',
  })
})

describe('tells everything that is wrong', () => {
  test('a breaking change: versions then and now, each field, the command that repairs it', async () => {
    const error = await openStack(stack(alerter({ old: 1 }, { version: '1.0.0' })), options()).catch((cause) => cause)
    expect(error).toMatchObject({
      code: 'invalid-config',
      message:
        'The alerter "my-post" cannot be used: its config does not fit acme-post 1.2.3, installed now; it was last written with 1.0.0.',
      problems: [
        { path: 'alerter.my-post.path', message: 'is required (repair: stack alerter update my-post --path=…)' },
        {
          path: 'alerter.my-post.old',
          message: 'is not a known field. (repair: stack alerter remove-attribute my-post old)',
        },
      ],
      hint: 'stack alerter update my-post --path=…',
    })
  })

  test('of all components at once', async () => {
    const error = await openStack(
      {
        name: 'prod',
        components: [
          component('orchestrator', 'engine'),
          component('orchestrator', 'gone'),
          alerter({ path: 's3://x', key: '{{env:NOT_SET}}' }),
        ],
      },
      options(),
    ).catch((cause) => cause)
    expect(error.code).toBe('invalid-stack')
    expect(error.problems).toEqual([
      { path: 'orchestrator', message: 'may be only one, not 2: "my-engine", "my-gone"' },
      { path: 'artifact-store', message: 'is missing: every stack needs one' },
      { path: '', message: expect.stringContaining('The orchestrator "my-gone"') },
      {
        path: 'alerter.my-post.key',
        message: 'refers to {{env:NOT_SET}}, but the environment variable NOT_SET is not set',
      },
    ])
  })

  test('a reference that resolves to nothing, or to a value that does not fit', async () => {
    await expect(openStack(stack(alerter({ path: 's3://x', key: '{{aws.key}}' })), options())).rejects.toMatchObject({
      code: 'not-found',
    })
    const wrong = openStack(stack(alerter({ path: '{{env:WHERE}}' })), options(undefined, { WHERE: 'http://x' }))
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-config', problems: [{ path: 'alerter.my-post.path' }] })
  })

  test('plain text that came to be where a secret is now', async () => {
    const error = await openStack(stack(alerter({ path: 's3://x', key: 'hunter2-plain' })), options()).catch(
      (cause) => cause,
    )
    expect(error.code).toBe('secret-plain-text')
    expect(JSON.stringify(error)).not.toContain('hunter2-plain')
  })

  test('a refinement that repeats the secret is redacted', async () => {
    const root = stackProject({
      'config.js': `import { secret, z } from '@stack/core'
export const config = z.strictObject({ path: z.string(), key: secret() }).superRefine((value, context) => context.addIssue({ code: 'custom', message: 'bad ' + value.key }))
export const settings = z.strictObject({})`,
    })
    const error = await openStack(
      stack(alerter({ path: 's3://x', key: '{{env:KEY}}' })),
      options(root, { KEY: 'hunter2-key' }),
    ).catch((cause) => cause)
    expect(error.problems[0].message).toContain('bad [secret]')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  test('a flavor that cannot be loaded is told on use', async () => {
    const root = stackProject({ 'alerter.js': "import 'absent-sdk'" })
    await expect(openStack(stack(alerter({ path: 's3://x' })), options(root))).rejects.toMatchObject({
      code: 'flavor-unloadable',
      hint: 'npm install absent-sdk',
    })
  })

  test('an unknown settings key, with a suggestion', async () => {
    const opening = openStack(stack(), { ...options(), settings: { alertr: {} } })
    await expect(opening).rejects.toMatchObject({
      code: 'invalid-stack',
      problems: [{ path: 'settings "alertr"', message: expect.stringContaining('Did you mean "alerter"?') }],
    })
  })
})

test('validateStack gives all problems as a value, with those of the hooks', async () => {
  const two = stack(alerter({ path: 's3://x' }), alerter({ path: 's3://x' }, { name: 'second' }))
  expect((await validateStack(two, options())).problems).toEqual([
    { path: 'alerter', message: 'is one too many' },
    { path: 'alerter', message: 'is one too many' },
  ])
  expect((await validateStack(stack(alerter({ path: 's3://x' })), options())).problems).toEqual([])
  expect((await validateStack({ name: 'empty', components: [] }, options())).problems.map(({ path }) => path)).toEqual([
    'orchestrator',
    'artifact-store',
  ])
})
