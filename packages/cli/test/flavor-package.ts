/** A flavor package as an installation leaves it. */

/** What differs from one package to the other. */
export interface FlavorPackageOptions {
  readonly name?: string
  readonly flavor?: string
  readonly description?: string
  readonly schema?: object
  /** The module at its entry. */
  readonly code?: string
  /** Lies over the manifest. */
  readonly manifest?: object
}

/** The schema of the S3-like store these packages have. */
export const storeSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    path: { type: 'string', description: 'Where the artifacts are.' },
    secret: { type: 'string', writeOnly: true },
    json: { type: 'boolean', default: false },
    retries: { type: 'integer', minimum: 0, default: 3 },
    clientKwargs: { type: 'object', additionalProperties: {} },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['path'],
  additionalProperties: false,
}

/** The files of a package under `node_modules`, by path. */
export function flavorPackage(options: FlavorPackageOptions = {}): Record<string, string> {
  const { name = 'flavor-s3', flavor = 's3', description = 'A store.', schema = storeSchema } = options
  const { code = "throw new Error('the SDK is not installed')\n", manifest = {} } = options
  const directory = `node_modules/${name}`
  const packageJson = {
    name,
    version: '1.2.3',
    type: 'module',
    exports: { './artifact-store': './artifact-store.js' },
    stack: {
      manifestVersion: 1,
      contract: 1,
      flavors: [
        {
          type: 'artifact-store',
          name: flavor,
          description,
          entry: './artifact-store',
          configSchema: './schemas/artifact-store.json',
        },
      ],
      ...manifest,
    },
  }
  return {
    [`${directory}/package.json`]: JSON.stringify(packageJson),
    [`${directory}/schemas/artifact-store.json`]: JSON.stringify(schema),
    [`${directory}/artifact-store.js`]: code,
  }
}

/** A project's package.json that declares packages. */
export function projectManifest(...names: readonly string[]): Record<string, string> {
  const dependencies = Object.fromEntries(names.map((name) => [name, '*']))
  return { 'package.json': JSON.stringify({ name: 'project', version: '1.0.0', dependencies }) }
}
