/** What a machine that is at its limits makes of a command: the right result, or an error with a code. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const program = fileURLToPath(new URL('../../dist/stack.cjs', import.meta.url))
const pipeline = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'
const one = step({ name: 'one', output: z.number(), run: () => 1 })
export const ones = pipeline({ name: 'ones', run: () => one({}) })
`
/** A store whose driver throws bare errors of the system, wrapped by nobody but core. */
const bare = `import { ArtifactStore, defineFlavor, z } from '@stack/core'
class Bare extends ArtifactStore {
  connect() {
    throw new Error('no luck', { cause: Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }) })
  }
}
export const bare = defineFlavor({
  type: 'artifact-store', name: 'bare', description: 'Bare.', config: z.strictObject({ path: z.string() }), load: async () => Bare,
})
`

let root: string

beforeAll(async () => {
  root = makeDirectory({ ...projectManifest(), 'ones.ts': pipeline, 'flavors/bare.ts': bare })
  linkPackages(root)
  for (const argv of [
    ['run', 'ones.ts'],
    ['artifact-store', 'flavor', 'register', 'flavors/bare.ts#bare'],
    ['artifact-store', 'register', 'bare', '--flavor=bare', '--path=x'],
    ['register', 'bare', '--artifact-store=bare', '--orchestrator=default'],
  ]) {
    const { exitCode, stderr } = await stack(root, argv)
    expect(exitCode, stderr).toBe(0)
  }
})

/** Runs a command of a shell with the program's call in it. */
function shell(command: string, cwd = root) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, program], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { exitCode: status, stdout, stderr }
}

describe.runIf(platform() === 'linux')('40 open files', () => {
  it.each([
    '--help',
    'init',
    'list',
    'describe',
    'flavor list',
    'artifact-store flavor describe local',
    'artifact list',
    'artifact get ones/one/output',
    'artifact-store verify default',
    'runs logs latest',
    'run ones.ts',
    'register other --artifact-store default --orchestrator default',
  ])('are enough for "%s", or it says so', (words) => {
    const directory = words === 'init' ? makeDirectory() : root
    const { exitCode, stdout, stderr } = shell(`ulimit -n 40; "$0" "$1" ${words}`, directory)
    if (exitCode !== 0) {
      expect(exitCode, stdout + stderr).toBe(8)
      expect(stderr).toMatch(/^error {2}.*too many files are open \(EMFILE\)/m)
      expect(stderr).toContain('ulimit -n')
    }
    expect(stderr).not.toMatch(/unexpected|\n\s+at /)
  })
})

describe.runIf(platform() === 'linux')('a full disk', () => {
  it.each(['list', 'list --json', '--help', 'nothing --json'])(
    'behind stdout ends "%s" with its exit code',
    (words) => {
      const { exitCode, stderr } = shell(`"$0" "$1" ${words} > /dev/full`)
      expect(exitCode).toBe(8)
      expect(stderr).not.toMatch(/\n\s+at /)
      if (!words.includes('--json')) expect(stderr).toMatch(/^error {2}.*the disk is full \(ENOSPC\)/m)
    },
  )

  it('behind stderr changes no exit code to one of success', () => {
    expect(shell('"$0" "$1" nothing 2> /dev/full').exitCode).not.toBe(0)
  })
})

describe('an error of the system', () => {
  it('that a flavor wraps has its code where no component names another', async () => {
    const { exitCode, json } = await stack(root, ['run', 'ones.ts', '--stack=bare', '--json'])
    expect([exitCode, json().error?.code]).toEqual([8, 'no-space'])
    expect(json().error?.hint).toContain('Free some space')
  })

  it.each([
    [['run', 'loop'], 2],
    [['run', 'a'.repeat(5000)], 2],
    [['run', 'ones.ts/below'], 2],
    [['artifact', 'get', 'ones/one/output', '--output', 'ones.ts/below'], 2],
    [['artifact', 'get', 'ones/one/output', '--output', 'a'.repeat(5000)], 2],
    [['artifact', 'get', 'ones/one/output', '--output', 'absent/below'], 3],
    [['artifact-store', 'register', 'x', '--flavor=local', '--config', 'directory'], 2],
    [['artifact-store', 'register', 'x', '--flavor=local', '--config', 'absent.json'], 3],
    [['artifact-store', 'register', 'x', '--flavor=local', '--path=@loop'], 2],
    [['list', '--project', 'loop'], 3],
  ] as const)('is reported by a code: %j', async (argv, exitCode) => {
    mkdirSync(join(root, 'directory'), { recursive: true })
    try {
      symlinkSync('loop', join(root, 'loop'))
    } catch {
      // It is there from the case before.
    }
    const finished = await stack(root, [...argv, '--json'])
    expect(finished.json().error?.code).not.toBe('unexpected')
    expect(finished.exitCode).toBe(exitCode)
  })
})
