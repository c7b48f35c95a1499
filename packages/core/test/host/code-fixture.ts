/** A project with flavor packages that have code: they import the built core, another copy than the sources under test. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Files, flavorPackage, link, manifest, project } from './flavor-fixture.js'

const core = fileURLToPath(new URL('../..', import.meta.url))

const config = `import { secret, z } from '@stack/core'
export const config = z.strictObject({
  path: z.string().regex(/^s3:/),
  region: z.enum(['eu', 'us']).default('eu'),
  port: z.int().optional(),
  key: secret().optional(),
  tokens: z.array(secret()).optional(),
  login: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('key'), value: secret() }),
    z.strictObject({ kind: z.literal('name'), value: z.string() }),
  ]).optional(),
}).refine(({ path }) => path !== 's3://forbidden', 'this bucket is forbidden')
export const settings = z.strictObject({ speed: z.int().default(1), mode: z.string() }).partial({ mode: true })
`

const secretField = { type: 'string', writeOnly: true }

/** The JSON Schema of the fixture's config. */
export const storeSchema = {
  type: 'object',
  properties: {
    path: { type: 'string', pattern: '^s3:' },
    region: { type: 'string', enum: ['eu', 'us'], default: 'eu' },
    port: { type: 'integer' },
    key: secretField,
    tokens: { type: 'array', items: secretField },
    login: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'key' }, value: secretField },
          required: ['kind', 'value'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: { kind: { const: 'name' }, value: { type: 'string' } },
          required: ['kind', 'value'],
          additionalProperties: false,
        },
      ],
    },
  },
  required: ['path'],
  additionalProperties: false,
}

const settingsSchema = {
  type: 'object',
  properties: { speed: { type: 'integer', default: 1 }, mode: { type: 'string' } },
  additionalProperties: false,
}

/** The files of a flavor package with an alerter `post`, with some of them replaced. */
export function codePackage(name: string, files: Files = {}): Files {
  const stack = manifest({
    type: 'alerter',
    name: 'post',
    entry: './alerter',
    configSchema: './config.json',
    settingsSchema: './settings.json',
    capabilities: { ask: false },
  })
  const contents: Files = {
    'package.json': flavorPackage(name, stack, {
      exports: { './alerter': { types: './x.d.ts', import: './flavor.js' } },
    }),
    'config.json': storeSchema,
    'settings.json': settingsSchema,
    'config.js': config,
    'flavor.js': `import { defineFlavor } from '@stack/core'
import { config, settings } from './config.js'
export const flavor = defineFlavor({ type: 'alerter', name: 'post', config, settings, capabilities: { ask: false }, load: async () => (await import('./alerter.js')).Post })
`,
    'alerter.js': `import { StackComponent } from '@stack/core'
export class Post extends StackComponent {
  validateStack(stack) { return stack.components.length > 3 ? [{ path: 'alerter', message: 'is one too many' }] : [] }
}
`,
    ...files,
  }
  return Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [`node_modules/${name}/${path}`, content]),
  )
}

/** A project with `acme-post` installed, some of its files replaced. */
export function codeProject(files: Files = {}, rest: Files = {}): string {
  const root = project({
    'package.json': { dependencies: { 'acme-post': '1' } },
    ...codePackage('acme-post', files),
    ...rest,
  })
  link(core, join(root, 'node_modules/@stack/core'))
  return root
}
