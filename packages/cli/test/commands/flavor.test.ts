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
