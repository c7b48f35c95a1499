import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack, startStack } from '../program.js'

interface Report {
  readonly name: string
  readonly status: string
  readonly checks: readonly { readonly name: string; readonly status: string; readonly message: string }[]
  readonly removedUploads: readonly string[]
}

/** A store whose driver fails as told, kept in the project's own folder. */
const failing = (how: string) => `import { ArtifactStore, StackError, defineFlavor, z } from '@stack/core'

class Failing extends ArtifactStore {
  connect() {
    const fail = () => { ${how} }
    return {
      capabilities: { conditionalCreate: true, conditionalUpdate: true, rename: 'copy-delete', caseSensitive: true,
        emptyDirectories: false, fileAndDirectory: true, metadata: true, presign: false, multipart: false },
      head: async () => fail(), get: async () => fail(), put: async () => fail(), copy: async () => fail(),
      list: async function* () { fail() },
      delete: async () => ({ failed: [] }),
    }
  }
}

export const failing = defineFlavor({
  type: 'artifact-store', name: 'failing', description: 'Fails.', config: z.strictObject({ path: z.string() }),
  load: async () => Failing,
})
`

async function failingProject(how: string): Promise<string> {
  const root = makeDirectory({ ...projectManifest(), 'flavors/failing.ts': failing(how) })
  linkPackages(root)
  for (const argv of [
    ['artifact-store', 'flavor', 'register', 'flavors/failing.ts#failing'],
    ['artifact-store', 'register', 'shelf', '--flavor=failing', '--path=shelf'],
  ]) {
    const { exitCode, stderr } = await stack(root, argv)
    expect(exitCode, stderr).toBe(0)
  }
  return root
}

describe('stack artifact-store verify', () => {
  it('tries a store, tells what it found, and leaves nothing in it', async () => {
    const root = makeDirectory()
    const { exitCode, json } = await stack(root, ['artifact-store', 'verify', 'default', '--json'])
    expect(exitCode).toBe(0)
    const report = json().data as unknown as Report
    expect(report).toMatchObject({ name: 'default', status: 'warning', removedUploads: [] })
    expect(report.checks.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ['write', 'ok'],
        ['conditional-create', 'ok'],
        ['conditional-update', 'warning'],
        ['delete', 'ok'],
        ['unfinished-uploads', 'ok'],
      ]),
    )
    const left = readdirSync(join(root, '.stack/artifacts')).filter((name) => !name.startsWith('.stack-tmp'))
    expect(left).toEqual([])
  })

  it('makes the project it writes to, as the first write does', async () => {
    const root = makeDirectory()
    await stack(root, ['artifact-store', 'verify', 'default'])
    expect(existsSync(join(root, '.stack/.gitignore'))).toBe(true)
  })

  it('prints a line for each check in a pipe, what is not ok with --quiet, and the verdict on stderr', async () => {
    const root = makeDirectory()
    const { stdout, stderr } = await stack(root, ['artifact-store', 'verify', 'default'])
    expect(stdout).toMatch(/^write\tok\tan object was written\t$/m)
    expect(stderr).toMatch(/The artifact store "default" works: \d+ checks ok, 1 with a warning\./)
    expect((await stack(root, ['artifact-store', 'verify', 'default', '-q'])).stdout).toBe('conditional-update\n')
  })

  it.each([
    ['permission-denied', "throw new StackError('permission-denied', 'access is denied')", 4],
    ['unauthenticated', "throw new StackError('unauthenticated', 'the token expired')", 4],
    ['unavailable', "throw new StackError('unavailable', 'nothing answers')", 8],
    ['unexpected', "throw new Error('boom')", 8],
  ])('ends with the exit code of what failed first: %s', async (_, how, expected) => {
    const root = await failingProject(how)
    const { exitCode, json } = await stack(root, ['artifact-store', 'verify', 'shelf', '--json'])
    expect(exitCode).toBe(expected)
    const { status, checks } = json().data as unknown as Report
    expect(status).toBe('failed')
    expect(checks[0]).toMatchObject({ name: 'write', status: 'failed' })
    const { stderr } = await stack(root, ['artifact-store', 'verify', 'shelf'])
    expect(stderr).toContain('The artifact store "shelf" does not work')
  })

  it('finds a promise that is not kept', async () => {
    const root = await failingProject('')
    const { exitCode, json } = await stack(root, ['artifact-store', 'verify', 'shelf', '--json'])
    expect(exitCode).toBe(8)
    expect((json().data as unknown as Report).checks.some(({ status }) => status === 'failed')).toBe(true)
  })

  it('is interrupted by Ctrl-C, also where the store does not answer', async () => {
    const root = await failingProject(
      "process.stderr.write('asked\\n'); setInterval(() => {}, 1000); return new Promise(() => {})",
    )
    const { child, finished, stderr } = startStack(root, ['artifact-store', 'verify', 'shelf'])
    while (!stderr().includes('asked')) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    const { exitCode, stderr: told } = await finished
    expect(exitCode).toBe(130)
    expect(told).toContain('The check was interrupted.')
  })

  it('does not end as if all were well where a store never answers and nothing goes on', async () => {
    const root = await failingProject('return new Promise(() => {})')
    const { exitCode, stderr } = await stack(root, ['artifact-store', 'verify', 'shelf'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('can no longer happen')
  })

  it('removes uploads that a killed process left, once they are old enough', async () => {
    const root = makeDirectory()
    await stack(root, ['init'])
    const directory = join(root, '.stack/artifacts/.stack-tmp')
    mkdirSync(directory, { recursive: true })
    const removed = async (...flags: string[]) => {
      const { json } = await stack(root, ['artifact-store', 'verify', 'default', '--json', ...flags])
      return (json().data as unknown as Report).removedUploads.length
    }
    // As the local store names what an ended process was writing.
    writeFileSync(join(directory, '4194305-0-left'), 'half')
    expect(await removed('--older-than', '1d')).toBe(0)
    expect(await removed('--older-than=0')).toBe(1)
    expect(readdirSync(directory)).toEqual([])
  })

  it('says what is wrong with a name, an age, a flavor that is gone, and a config that is not valid', async () => {
    const root = makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage() })
    await stack(root, ['artifact-store', 'register', 'bucket', '--flavor=s3', '--path=s3://a'])
    const given = async (...argv: string[]) => {
      const { exitCode, json } = await stack(root, ['artifact-store', 'verify', ...argv, '--json'])
      return [exitCode, json().error?.code]
    }
    expect(await given()).toEqual([2, 'usage'])
    expect(await given('none')).toEqual([3, 'not-found'])
    expect(await given('default', '--older-than=soon')).toEqual([2, 'usage'])
    expect(await given('default', '--older-than=-1d')).toEqual([2, 'usage'])
    expect(await given('bucket')).toEqual([8, 'flavor-unloadable'])
    rmSync(join(root, 'node_modules/flavor-s3'), { recursive: true })
    expect(await given('bucket')).toEqual([2, 'unknown-flavor'])
  })

  it('tells a place where no store can be', async () => {
    const root = makeDirectory({ file: 'text' })
    await stack(root, ['artifact-store', 'register', 'shelf', '--flavor=local', '--path=./file/shelf'])
    const { exitCode, json } = await stack(root, ['artifact-store', 'verify', 'shelf', '--json'])
    expect(exitCode).toBeGreaterThan(0)
    const [first] = (json().data as unknown as Report).checks
    expect(first).toMatchObject({ status: 'failed', message: expect.stringContaining('not-a-directory') })
  })

  it('is there for artifact stores only, in help and completion too', async () => {
    const root = makeDirectory()
    expect((await stack(root, ['artifact-store', '--help'])).stdout).toContain('verify')
    expect((await stack(root, ['artifact-store', 'verify', '--help'])).stdout).toContain('--older-than AGE')
    expect((await stack(root, ['complete', '--', 'artifact-store'])).stdout.split('\n')).toContain('verify')
    const candidates = (await stack(root, ['complete', '--', 'artifact-store', 'verify'])).stdout.split('\n')
    expect(candidates).toEqual(expect.arrayContaining(['default', '--older-than']))
    expect((await stack(root, ['orchestrator', 'verify', 'default', '--json'])).json().error?.code).toBe('usage')
  })
})
