/** A known secret is printed nowhere, whatever a flavor, a step or Node itself does with it. */
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectManifest } from '../flavor-package.js'
import { kept, leaking, pipelines, telling } from '../leaking-flavors.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const token = `t0k/en "of"\nmine+${'y'.repeat(20)}`
const env = { TOKEN: token, STACK_LEAK: '' }

/** Everything that would give the secret away. */
const traces = [
  token,
  't0k/en',
  'y'.repeat(10),
  encodeURIComponent(token),
  encodeURIComponent(token).toLowerCase(),
  ...['', 'u', 'me'].map((before) =>
    Buffer.from(before + token)
      .toString('base64')
      .slice(8, 24),
  ),
  Buffer.from(token).toString('hex').slice(0, 20),
  JSON.stringify(token).slice(1, -1),
]

function expectNoTrace(text: string): void {
  for (const trace of traces) expect(text).not.toContain(trace)
}

let root: string

beforeAll(async () => {
  root = makeDirectory({
    ...projectManifest(),
    'flavors/leaking.ts': leaking,
    'flavors/telling.ts': telling,
    'flavors/kept.ts': kept,
    'quiet.ts': pipelines,
  })
  linkPackages(root)
  symlinkSync(
    fileURLToPath(new URL('../../../../integrations/local', import.meta.url)),
    join(root, 'node_modules/@stack/flavor-local'),
  )
  for (const argv of [
    ['artifact-store', 'flavor', 'register', 'flavors/leaking.ts#flavor'],
    ['artifact-store', 'register', 'leaky', '--flavor=leaking', '--path=x', '--token={{env:TOKEN}}'],
    ['register', 'leaks', '--artifact-store=leaky', '--orchestrator=default'],
    ['orchestrator', 'flavor', 'register', 'flavors/telling.ts#flavor'],
    ['orchestrator', 'register', 'teller', '--flavor=telling', '--token={{env:TOKEN}}'],
    ['artifact-store', 'flavor', 'register', 'flavors/kept.ts#flavor'],
    [
      'artifact-store',
      'register',
      'keeper',
      '--flavor=kept',
      '--path=kept',
      '--durable=false',
      '--token={{env:TOKEN}}',
    ],
    ['register', 'keeps', '--artifact-store=keeper', '--orchestrator=default'],
    ['register', 'tells', '--artifact-store=default', '--orchestrator=teller'],
  ]) {
    const { exitCode, stderr } = await stack(root, argv, env)
    expect(exitCode, stderr).toBe(0)
  }
})

describe.each([
  ['verify', ['artifact-store', 'verify', 'leaky']],
  ['run, before there is a record', ['run', 'quiet.ts', '--stack=leaks']],
])('what is reported of %s', (_, argv) => {
  it.each(['driver', 'connect', 'stack-error'])('holds no secret in any encoding where the %s leaks', async (leak) => {
    for (const flags of [['--debug'], ['--json', '--debug'], ['--quiet']]) {
      const { exitCode, stdout, stderr } = await stack(root, [...argv, ...flags], { ...env, STACK_LEAK: leak })
      expect(exitCode).not.toBe(0)
      expectNoTrace(stdout + stderr)
      if (!flags.includes('--quiet')) expect(stdout + stderr).toMatch(/boom .*raw: \[secret\]/)
      if (flags.includes('--json')) expect(() => JSON.parse(stdout)).not.toThrow()
    }
  })
})

describe('what a flavor prints', () => {
  it('shows without the secret, also in pieces and in warnings of Node', async () => {
    const { stdout, stderr } = await stack(root, ['artifact-store', 'verify', 'leaky'], {
      ...env,
      STACK_LEAK: 'console',
    })
    expectNoTrace(stdout + stderr)
    expect(stderr).toContain('log [secret]\n')
    expect(stderr).toContain('error [secret]\n')
    expect(stderr).toContain('warned [secret]')
  })

  it.each(['exception', 'rejection'])(
    'is reported as an error without the secret where nobody catches the %s',
    async (leak) => {
      for (const flags of [[], ['--debug'], ['--json']]) {
        const argv = ['artifact-store', 'verify', 'leaky', ...flags]
        const { exitCode, stdout, stderr } = await stack(root, argv, { ...env, STACK_LEAK: leak })
        expectNoTrace(stdout + stderr)
        expect(exitCode).toBe(1)
        if (flags.includes('--json')) expect(JSON.parse(stdout).error).toMatchObject({ code: 'unexpected' })
        else expect(stderr).toMatch(/^error {2}(uncaught|unhandled) \[secret\]\n/)
      }
    },
  )
})

describe('a run', () => {
  const filesBelow = (directory: string) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))

  it.each(['', 'step', 'launch'])('prints and keeps no secret, whether or not it fails: "%s"', async (leak) => {
    const finished = await stack(root, ['run', 'quiet.ts', '--stack=tells', '--json'], { ...env, STACK_LEAK: leak })
    expectNoTrace(finished.stdout + finished.stderr)
    expect(finished.exitCode).toBe(leak === '' ? 0 : 7)
    if (leak !== 'launch') expect(finished.stderr).toContain('prepared with [secret]\nprinted [secret]\n')
    const text = await stack(root, ['run', 'quiet.ts', '--stack=tells', '--debug'], { ...env, STACK_LEAK: leak })
    expectNoTrace(text.stdout + text.stderr)
    // Another process knows the secret no longer: what was kept holds none.
    for (const argv of [
      ['runs', 'describe', 'latest'],
      ['runs', 'logs', 'latest'],
      ['artifact', 'list'],
    ]) {
      for (const flags of [[], ['--json'], ['--quiet']]) {
        const { stdout, stderr } = await stack(root, [...argv, ...flags])
        expectNoTrace(stdout + stderr)
      }
    }
    const { stdout } = await stack(root, ['runs', 'describe', 'latest', '--json'])
    expect(stdout).toContain('run [secret]')
    for (const content of filesBelow(join(root, '.stack'))) expectNoTrace(content)
  })

  it.each(['', 'step', 'prepare', 'exception'])(
    'in a process of its own prints and keeps no secret: "%s"',
    async (leak) => {
      const argv = ['run', 'quiet.ts', '--stack=keeps', '--settings.orchestrator.isolation=process', '--debug']
      const { exitCode, stdout, stderr } = await stack(root, argv, { ...env, STACK_LEAK: leak })
      expectNoTrace(stdout + stderr)
      expect(exitCode).toBe(leak === '' ? 0 : 7)
      expect(stderr).toMatch(/^warning: prepared with \[secret\] \\u001b\[31m\n(\[secret\])+\n/m)
      if (leak === 'exception') expect(stderr).toContain('Error: uncaught [secret]')
      for (const content of [...filesBelow(join(root, '.stack')), ...filesBelow(join(root, 'kept'))])
        expectNoTrace(content)
    },
  )

  it('holds no secret in what a component finds wrong with its stack', async () => {
    const { stdout, stderr } = await stack(root, ['validate', 'tells'], env)
    expectNoTrace(stdout + stderr)
  })
})

describe('plain text given for a secret field', () => {
  const plain = 'plain-text-of-mine'

  it.each([
    ['--token=plain-text-of-mine'],
    ['--token=plain-text-of-mine', '--path={"of":"plain-text-of-mine"}'],
    ['--token=plain-text-of-mine', '--plain-text-of-mine=1'],
  ])('is refused and not repeated: %s', async (...fields) => {
    for (const flags of [[], ['--json'], ['--debug']]) {
      const argv = ['artifact-store', 'register', 'other', '--flavor=leaking', '--path=x', ...fields, ...flags]
      const { exitCode, stdout, stderr } = await stack(root, argv)
      expect(exitCode).toBe(2)
      if (!fields.includes('--plain-text-of-mine=1')) expect(stdout + stderr).not.toContain(plain)
    }
  })

  it.each([
    ['yaml', `path: x\ntoken: ${plain}\n  broken: [`],
    ['json', `{"path": "x", "token": ${plain}}`],
    ['json', `{"token": "${plain}",\n\n, }`],
  ])('is not repeated of a config file that cannot be parsed: %s', async (ending, content) => {
    const directory = makeDirectory({ [`config.${ending}`]: content })
    const argv = ['artifact-store', 'register', 'other', '--flavor=local', '--config', `config.${ending}`]
    for (const flags of [[], ['--json', '--debug'], ['--debug']]) {
      const { exitCode, stdout, stderr } = await stack(directory, [...argv, ...flags])
      expect(exitCode).toBe(2)
      expect(stdout + stderr).toMatch(
        ending === 'yaml' ? /is not YAML \(\w+\): see line 2\./ : /is not JSON(: see line 3)?\./,
      )
      expect(stdout + stderr).not.toMatch(/plain-t|text-of|of-mine/)
    }
  })
})
