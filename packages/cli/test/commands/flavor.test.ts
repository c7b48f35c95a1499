import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const source = `import { ArtifactStore, defineFlavor, z } from '@stack/core'

export const MyFlavor = defineFlavor({
  type: 'artifact-store',
  name: 'mine',
  description: 'Kept in the project.',
  config: z.strictObject({ path: z.string() }),
  load: async () => { throw new Error('the SDK is not installed') },
})

export const notAFlavor = 1
`

describe('stack flavor list', () => {
  it('lists the installed flavors and those the program carries', async () => {
    const root = makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage() })
    const { json } = await stack(root, ['flavor', 'list', '--json'])
    const row = { package: 'flavor-s3', version: '1.2.3', origin: 'project', status: 'ok' }
    expect(json().data).toContainEqual({ type: 'artifact-store', name: 's3', ...row })
    expect(json().data).toContainEqual(
      expect.objectContaining({ type: 'orchestrator', name: 'local', origin: 'builtin' }),
    )
    expect((await stack(root, ['orchestrator', 'flavor', 'list', '-q'])).stdout).toBe('local\n')
  })

  it('shows what is malformed, newer or too large as a row with a reason, and hides nothing', async () => {
    const root = makeDirectory({
      ...projectManifest('flavor-s3', 'flavor-newer', 'flavor-outside', 'flavor-torn'),
      ...flavorPackage(),
      ...flavorPackage({ name: 'flavor-newer', manifest: { manifestVersion: 99 } }),
      ...flavorPackage({
        name: 'flavor-outside',
        flavor: 'outside',
        manifest: {
          flavors: [
            {
              type: 'artifact-store',
              name: 'outside',
              description: '',
              entry: './artifact-store',
              configSchema: '../../secret.json',
            },
          ],
        },
      }),
      ...flavorPackage({ name: 'flavor-torn', flavor: 'torn', manifest: { flavors: 'none' } }),
    })
    const { exitCode, json } = await stack(root, ['flavor', 'list', '--json'])
    expect(exitCode).toBe(0)
    const rows = (json().data ?? []) as readonly { package: string; status: string; reason?: string }[]
    for (const name of ['flavor-newer', 'flavor-outside', 'flavor-torn']) {
      const row = rows.find((each) => each.package === name)
      expect(row).toMatchObject({ status: 'invalid', reason: expect.stringMatching(/.+/) })
    }
    expect(rows.find((each) => each.package === 'flavor-s3')).toMatchObject({ status: 'ok' })
  })

  it('names both packages of an ambiguous flavor, and takes a full name', async () => {
    const root = makeDirectory({
      ...projectManifest('flavor-one', 'flavor-two'),
      ...flavorPackage({ name: 'flavor-one' }),
      ...flavorPackage({ name: 'flavor-two' }),
    })
    const { exitCode, json } = await stack(root, ['artifact-store', 'flavor', 'describe', 's3', '--json'])
    expect(exitCode).toBe(2)
    expect(json().error?.code).toBe('ambiguous-flavor')
    expect(JSON.stringify(json().error)).toMatch(/flavor-one.*flavor-two/)
    const full = await stack(root, ['artifact-store', 'register', 'x', '--flavor=flavor-two:s3', '--path=a', '--json'])
    expect(full.json().data).toMatchObject({ flavor: 's3', package: 'flavor-two' })
  })

  it('prints no terminal escape of a description', async () => {
    const root = makeDirectory({
      ...projectManifest('flavor-s3'),
      ...flavorPackage({ description: 'Nice\u001b[2J\u0007 \u009b31mstore' }),
    })
    for (const argv of [
      ['artifact-store', 'flavor', 'describe', 's3'],
      ['artifact-store', 'flavor', 'describe', 's3', '--json'],
      ['flavor', 'list'],
    ]) {
      const { stdout, exitCode } = await stack(root, argv)
      expect(exitCode).toBe(0)
      expect(stdout.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(/\p{Cc}/u)
    }
  })

  it('describes a flavor whose module cannot be imported', async () => {
    const root = makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage() })
    const { json } = await stack(root, ['artifact-store', 'flavor', 'describe', 's3', '--json'])
    expect(json().data).toMatchObject({
      type: 'artifact-store',
      name: 's3',
      package: 'flavor-s3',
      description: 'A store.',
      config: expect.arrayContaining([
        expect.objectContaining({ name: 'path', type: 'string', required: true, secret: false }),
        expect.objectContaining({ name: 'secret', secret: true }),
        expect.objectContaining({ name: 'retries', default: 3 }),
      ]),
    })
  })
})

describe('stack <type> flavor register and delete', () => {
  it('take a flavor of the project by its source, also in the dotted form', async () => {
    for (const spec of ['flavors/my-flavor.ts#MyFlavor', 'flavors.my_flavor.MyFlavor']) {
      const root = makeDirectory({ ...projectManifest(), 'flavors/my-flavor.ts': source })
      linkPackages(root)
      const registered = await stack(root, ['artifact-store', 'flavor', 'register', spec, '--json'])
      expect(registered.json()).toMatchObject({ data: { name: 'mine', type: 'artifact-store' } })
      const { json } = await stack(root, ['artifact-store', 'flavor', 'list', '--json'])
      expect(json().data).toContainEqual(
        expect.objectContaining({ name: 'mine', package: null, version: null, status: 'ok' }),
      )
      const again = await stack(root, ['artifact-store', 'flavor', 'register', spec, '--json'])
      expect(again.exitCode).toBe(5)
      expect((await stack(root, ['artifact-store', 'flavor', 'delete', 'mine', '--json'])).exitCode).toBe(0)
      expect((await stack(root, ['artifact-store', 'flavor', 'describe', 'mine', '--json'])).exitCode).toBe(2)
    }
  })

  it('refuse a file or export that is not there, an export that is no flavor, and source that does not compile', async () => {
    const root = makeDirectory({
      ...projectManifest(),
      'flavors/my-flavor.ts': source,
      'flavors/torn.ts': 'export const x = (',
    })
    linkPackages(root)
    const codeOf = async (spec: string) => {
      const { json, exitCode } = await stack(root, ['artifact-store', 'flavor', 'register', spec, '--json'])
      return [json().error?.code, exitCode]
    }
    expect(await codeOf('flavors/none.ts#MyFlavor')).toEqual(['not-found', 3])
    expect(await codeOf('flavors/my-flavor.ts#MyFlavr')).toEqual(['not-found', 3])
    expect(await codeOf('flavors/my-flavor.ts#notAFlavor')).toEqual(['invalid-flavor', 2])
    expect(await codeOf('flavors/torn.ts#x')).toEqual(['source-error', 2])
  })
})

describe('stack flavor generate', () => {
  const flavor = `import { defineFlavor, z } from '@stack/core'
export const mine = defineFlavor({
  type: 'artifact-store',
  name: 'mine',
  description: 'Kept in a package.',
  config: z.strictObject({ path: z.string().describe('Where it is.'), retries: z.int().default(3) }),
  load: async () => { throw new Error('the SDK is not installed') },
})
`
  const flavorProject = (code = flavor) => {
    const root = makeDirectory({
      'package.json': JSON.stringify({
        name: 'flavor-mine',
        version: '1.0.0',
        type: 'module',
        exports: { './artifact-store': './flavor.js' },
      }),
      'flavor.js': code,
    })
    linkPackages(root)
    return root
  }
  const manifestOf = (root: string) => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).stack

  it('writes schemas and manifest from the code, and once only', async () => {
    const root = flavorProject()
    const { exitCode, json, stdout, stderr } = await stack(root, ['flavor', 'generate', '--json'])
    expect(exitCode, stdout + stderr).toBe(0)
    const { files, changed } = json().data as unknown as { files: string[]; changed: string[] }
    expect(changed).toEqual(files)
    expect(files).toContain('package.json')
    const [entry] = manifestOf(root).flavors
    expect(entry).toMatchObject({ type: 'artifact-store', name: 'mine', entry: './artifact-store' })
    const schema = JSON.parse(readFileSync(join(root, entry.configSchema), 'utf8'))
    expect(schema).toMatchObject({ properties: { path: { type: 'string', description: 'Where it is.' } } })
    expect((await stack(root, ['flavor', 'generate', '-q'])).stdout).toBe('')
  })

  it('with --check changes nothing, and names what is not as the code says', async () => {
    const root = flavorProject()
    const before = readFileSync(join(root, 'package.json'), 'utf8')
    const missing = await stack(root, ['flavor', 'generate', '--check', '--json'])
    expect([missing.exitCode, missing.json().error?.code]).toEqual([5, 'conflict'])
    expect(missing.json().error?.problems.map(({ path }) => path)).toContain('package.json')
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toBe(before)
    await stack(root, ['flavor', 'generate'])
    expect((await stack(root, ['flavor', 'generate', '--check'])).exitCode).toBe(0)
    writeFileSync(join(root, 'flavor.js'), flavor.replace('retries', 'attempts'))
    const drifted = await stack(root, ['flavor', 'generate', '--check'])
    expect(drifted.exitCode).toBe(5)
    expect(drifted.stderr).toMatch(/schemas\/.*is not what the code says[\s\S]*stack flavor generate/)
  })

  it('makes a package that the program then lists', async () => {
    const root = flavorProject()
    await stack(root, ['flavor', 'generate'])
    const user = makeDirectory({ ...projectManifest('flavor-mine') })
    mkdirSync(join(user, 'node_modules'))
    symlinkSync(root, join(user, 'node_modules/flavor-mine'))
    const { json } = await stack(user, ['artifact-store', 'flavor', 'describe', 'mine', '--json'])
    expect(json().data).toMatchObject({ package: 'flavor-mine', config: [{ name: 'path' }, { name: 'retries' }] })
  })

  it('refuses a directory without a package, and code that does not load', async () => {
    const nothing = await stack(makeDirectory(), ['flavor', 'generate', '--json'])
    expect(nothing.exitCode).toBeGreaterThan(1)
    const broken = await stack(flavorProject("throw new Error('torn')"), ['flavor', 'generate', '--json'])
    expect(broken.exitCode).toBeGreaterThan(1)
    expect(broken.json().error?.message).toContain('torn')
  })
})

describe('a package that shadows a builtin flavor', () => {
  const shadow = `import { defineFlavor } from '@stack/core'
import { localArtifactStoreConfig, localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
export const local = defineFlavor({
  type: 'artifact-store', name: 'local', description: 'Not the builtin one.', config: localArtifactStoreConfig,
  load: () => localArtifactStoreFlavor.load(),
})
`
  const pipeline = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'
const one = step({ name: 'one', output: z.number(), run: () => 1 })
export const ones = pipeline({ name: 'ones', run: () => one({}) })
`
  const properties = {
    path: { type: 'string', default: '.stack/artifacts' },
    durable: { type: 'boolean', default: true },
  }
  const schema = { type: 'object', properties, additionalProperties: false }

  const makeProject = async () => {
    const root = makeDirectory({
      ...projectManifest('flavor-evil'),
      ...flavorPackage({ name: 'flavor-evil', flavor: 'local', code: shadow, schema }),
      'ones.ts': pipeline,
    })
    linkPackages(root)
    symlinkSync(
      fileURLToPath(new URL('../../../../integrations/local', import.meta.url)),
      join(root, 'node_modules/@stack/flavor-local'),
    )
    await stack(root, ['init'])
    return root
  }
  const expected = expect.objectContaining({
    code: 'shadowed-builtin',
    message: expect.stringContaining('flavor-evil'),
    hint: expect.stringContaining('--flavor @stack/flavor-local:local'),
  })

  it('is named with the way to the builtin one wherever its name is used', async () => {
    const root = await makeProject()
    for (const argv of [
      ['flavor', 'list'],
      ['artifact-store', 'flavor', 'list'],
      ['artifact-store', 'flavor', 'describe', 'local'],
      ['artifact-store', 'register', 'theirs', '--flavor=local', '--path=theirs'],
      ['register', 'evil', '--artifact-store=theirs', '--orchestrator=default'],
      ['validate', 'evil'],
      ['run', 'ones.ts', '--stack=evil'],
    ]) {
      const { exitCode, stdout, stderr, json } = await stack(root, [...argv, '--json'])
      expect(exitCode, stdout + stderr).toBe(0)
      if (argv[0] === 'register') expect(json().warnings).toEqual([])
      else expect(json().warnings).toEqual([expected])
    }
    const { stderr } = await stack(root, ['artifact-store', 'flavor', 'describe', 'local'])
    expect(stderr).toMatch(/^warning {2}The artifact store flavor "local" is that of flavor-evil, .*:local\n$/)
  })

  it('is not named where the builtin one is asked for, or another type', async () => {
    const root = await makeProject()
    for (const argv of [
      ['orchestrator', 'flavor', 'list'],
      ['artifact-store', 'flavor', 'describe', '@stack/flavor-local:local'],
      ['artifact-store', 'register', 'ours', '--flavor=@stack/flavor-local:local', '--path=ours'],
      ['register', 'good', '--artifact-store=ours', '--orchestrator=default'],
      ['validate', 'good'],
      ['run', 'ones.ts', '--stack=good'],
      ['run', 'ones.ts'],
    ]) {
      const { exitCode, stdout, json } = await stack(root, [...argv, '--json'])
      expect(exitCode, stdout).toBe(0)
      expect(json().warnings).not.toContainEqual(expected)
    }
  })
})
