/** Flavor packages as npm would have installed them, for tests. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a test's flavor package has. */
export interface TestFlavorPackage {
  readonly package: string
  readonly version?: string
  readonly type?: string
  readonly name?: string
  /** JSON Schema of the config; `bucketSchema` unless given. */
  readonly configSchema?: object
  readonly configVersion?: number
  /** The code of its entry; without one the package has none, as where an SDK is missing. */
  readonly code?: string
}

/** A config with a required path, a secret and a nested object. */
export const bucketSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    path: { type: 'string', pattern: '^s3://' },
    secret: { type: 'string', writeOnly: true },
    clientKwargs: { type: 'object', properties: { region: { type: 'string' }, retries: { type: 'integer' } } },
  },
  required: ['path'],
  additionalProperties: false,
}

/** The same as code; a `refine` says what JSON Schema cannot. */
export const bucketCode = `
import { ArtifactStore, defineFlavor, secret, z } from '@stack/core'
export const bucketFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'bucket',
  config: z.strictObject({
    path: z.string().regex(/^s3:\\/\\//),
    secret: secret().optional(),
    clientKwargs: z.object({ region: z.string().optional(), retries: z.int().optional() }).optional(),
  }).refine((config) => config.path !== 's3://forbidden', { path: ['path'], message: 'is forbidden' }),
  settings: z.strictObject({ retries: z.int().optional() }),
  load: async () => class extends ArtifactStore {},
})
`

const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { retries: { type: 'integer' } },
  additionalProperties: false,
}

/** Installs a package into a project and declares it there. */
export function installFlavorPackage(root: string, flavor: TestFlavorPackage): void {
  const directory = join(root, 'node_modules', flavor.package)
  write(join(directory, 'package.json'), {
    name: flavor.package,
    version: flavor.version ?? '1.0.0',
    type: 'module',
    exports: { './flavor': './flavor.js', './package.json': './package.json' },
    stack: {
      manifestVersion: 1,
      contract: 1,
      flavors: [
        {
          type: flavor.type ?? 'artifact-store',
          name: flavor.name ?? 'bucket',
          description: 'A flavor of a test.',
          entry: './flavor',
          configSchema: './config.json',
          settingsSchema: './settings.json',
          configVersion: flavor.configVersion ?? 1,
        },
      ],
    },
  })
  write(join(directory, 'config.json'), flavor.configSchema ?? bucketSchema)
  write(join(directory, 'settings.json'), settingsSchema)
  if (flavor.code !== undefined) writeFileSync(join(directory, 'flavor.js'), flavor.code)
  declare(root, flavor.package)
}

/** Makes `@stack/core` importable from a project. */
export function linkCore(root: string): void {
  mkdirSync(join(root, 'node_modules/@stack'), { recursive: true })
  symlinkSync(fileURLToPath(new URL('../../core', import.meta.url)), join(root, 'node_modules/@stack/core'))
}

function declare(root: string, name: string): void {
  const file = join(root, 'package.json')
  const manifest = readManifest(file)
  write(file, { ...manifest, dependencies: { ...manifest.dependencies, [name]: '*' } })
}

function readManifest(file: string): { readonly dependencies?: Readonly<Record<string, string>> } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

function write(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(value, null, 2))
}
