/** What a person is told where the database or a flavor cannot be used: what happened, why, what to do, and the exit code. */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, type StackOptions, stack } from '../program.js'

async function told(root: string, argv: readonly string[], options?: StackOptions) {
  const { exitCode, stderr, stdout } = await stack(root, argv, {}, options)
  const { json } = await stack(root, [...argv, '--json'], {}, options)
  expect(stdout).toBe('')
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('warning')),
  ).toHaveLength(3)
  return { exitCode, code: json().error?.code, hint: json().error?.hint ?? '', stderr }
}

describe('a database', () => {
  const database = async () => {
    const root = makeDirectory()
    await stack(root, ['init'])
    const path = join(root, '.stack/project.db')
    const open = new Database(path)
    open.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    open.close()
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
    return { root, path }
  }

  it.each([
    ['that is none', () => Buffer.from('hello world\n'.repeat(1000))],
    ['that was cut off', (bytes: Buffer) => bytes.subarray(0, 6000)],
  ])('%s is told as corrupt, with a way out, and left as it is', async (_, damage) => {
    const { root, path } = await database()
    const damaged = damage(readFileSync(path))
    writeFileSync(path, damaged)
    for (const argv of [['list'], ['artifact-store', 'register', 'x', '--flavor=local', '--path=./x'], ['init']]) {
      const { exitCode, code, hint } = await told(root, argv)
      expect([exitCode, code]).toEqual([8, 'database-corrupt'])
      expect(hint).toContain('stack init')
    }
    expect(readFileSync(path).equals(damaged)).toBe(true)
  })

  it('of a newer program is neither read nor written', async () => {
    const { root, path } = await database()
    const open = new Database(path)
    open.exec('PRAGMA user_version = 99')
    open.close()
    for (const argv of [['list'], ['copy', 'default', 'other'], ['init']]) {
      const { exitCode, code, hint } = await told(root, argv)
      expect([exitCode, code]).toEqual([6, 'database-newer'])
      expect(hint).toContain('@stack/cli')
    }
  })

  it('that may only be read is read, and a write is not permitted', async () => {
    const { root } = await database()
    const directory = join(root, '.stack')
    // A cache that cannot even be looked into is among it, and no reason to fail.
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444)
    for (const path of [directory, root]) chmodSync(path, 0o555)
    try {
      const user = { asOrdinaryUser: true }
      const { exitCode, stdout } = await stack(root, ['list', '-q'], {}, user)
      expect([exitCode, stdout]).toEqual([0, 'default\n'])
      const { exitCode: refused, code } = await told(root, ['copy', 'default', 'other'], user)
      expect([refused, code]).toEqual([4, 'permission-denied'])
    } finally {
      for (const path of [root, directory, join(directory, 'cache')]) chmodSync(path, 0o755)
    }
  })

  it('that may not be read at all is told so', async () => {
    const { root, path } = await database()
    chmodSync(path, 0o000)
    try {
      const { exitCode, code } = await told(root, ['list'], { asOrdinaryUser: true })
      expect([exitCode, code]).toEqual([4, 'permission-denied'])
    } finally {
      chmodSync(path, 0o644)
    }
  })
})

describe('a flavor', () => {
  const withFlavor = (options: Parameters<typeof flavorPackage>[0]) => {
    const root = makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage(options) })
    linkPackages(root)
    return root
  }
  const register = ['artifact-store', 'register', 'bucket', '--flavor=s3', '--path=s3://a']
  const code = (implementation: string) => `import { ArtifactStore, defineFlavor, Orchestrator, z } from '@stack/core'
export const s3 = defineFlavor({
  type: 'artifact-store', name: 's3', description: 'A store.', config: z.strictObject({ path: z.string() }),
  load: async () => ${implementation},
})`

  it('of another contract is told by its manifest, before anything of it runs', async () => {
    const root = withFlavor({ manifest: { contract: 9 }, code: "throw new Error('it ran')" })
    const { exitCode, code, hint, stderr } = await told(root, register)
    expect([exitCode, code]).toEqual([2, 'contract-mismatch'])
    expect(hint).toContain('npm install flavor-s3@latest')
    expect(stderr).not.toContain('it ran')
    const { json } = await stack(root, ['artifact-store', 'flavor', 'list', '--json'])
    expect(json().data).toContainEqual(expect.objectContaining({ name: 's3', status: 'invalid' }))
    expect(existsSync(join(root, '.stack/project.db'))).toBe(false)
  })

  it('whose code is of another contract than its manifest says is told where it is loaded', async () => {
    const root = withFlavor({
      code: `const flavor = { type: 'artifact-store', name: 's3' }
Object.defineProperty(flavor, Symbol.for('@stack/core/flavor'), { value: { contract: 9 } })
export { flavor }`,
    })
    const { exitCode, code, stderr } = await told(root, register)
    expect([exitCode, code]).toEqual([2, 'contract-mismatch'])
    expect(stderr).toContain('contract 9')
  })

  it.each([
    ['is of another type', 'class extends Orchestrator {}', 'base class of orchestrator'],
    ['extends nothing', 'class {}', 'does not extend StackComponent'],
    ['is no class', '({})', 'it is no class'],
  ])('whose implementation %s is told where it is used', async (_, implementation, reason) => {
    const root = withFlavor({ code: code(implementation) })
    await stack(root, register)
    const { exitCode, code: found, stderr } = await told(root, ['artifact-store', 'verify', 'bucket'])
    expect([exitCode, found]).toEqual([2, 'invalid-flavor'])
    expect(stderr).toContain(reason)
  })
})
