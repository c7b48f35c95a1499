/** A known secret is printed nowhere, whatever a flavor, a step or Node itself does with it. */
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

const token = `t0k/en "of"\nmine+${'y'.repeat(20)}`
const env = { TOKEN: token, STACK_LEAK: '' }

/** A store on disk that leaks where `STACK_LEAK` says. */
const leaking = `import { ArtifactStore, StackError, defineFlavor, secret, z } from '@stack/core'

const leak = process.env.STACK_LEAK
const base64 = (before: string, text: string) => Buffer.from(before + text).toString('base64')
const forms: Record<string, (text: string) => string> = {
  raw: (text) => text,
  base64: (text) => base64('', text),
  'base64, one byte later': (text) => base64('u', text),
  'base64, two bytes later': (text) => base64('me', text),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  percent: (text) => encodeURIComponent(text),
  'lower-case percent': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  form: (text) => new URLSearchParams({ text }).toString(),
  json: (text) => JSON.stringify({ text }),
}

class Leaking extends ArtifactStore<{ path: string; token: { reveal(): string } }> {
  connect() {
    const token = this.config.token.reveal()
    const shown = Object.entries(forms).map(([name, form]) => name + ': ' + form(token)).join('; ')
    if (leak === 'connect') throw new Error('boom ' + shown)
    if (leak === 'stack-error') {
      throw new StackError('unavailable', 'boom ' + shown, {
        hint: 'try ' + shown,
        problems: [{ path: 'at.' + shown, message: 'why ' + shown }, { path: '', message: token }],
        details: { [token]: [token], shown },
        cause: new Error('caused by ' + token, { cause: new TypeError('deep ' + shown) }),
      })
    }
    if (leak === 'console') {
      console.log('log ' + token)
      console.error('error ' + token)
      for (const piece of token) process.stdout.write(piece)
      process.stderr.write(Buffer.from(token + '\\n'))
      process.emitWarning('warned ' + token)
    }
    if (leak === 'exception') setTimeout(() => { throw new Error('uncaught ' + token) }, 0)
    if (leak === 'rejection') void Promise.reject(new Error('unhandled ' + token))
    const fail = () => { if (leak === 'driver') throw new Error('boom ' + shown) }
    return {
      capabilities: { conditionalCreate: true, conditionalUpdate: true, rename: 'copy-delete', caseSensitive: true,
        emptyDirectories: false, fileAndDirectory: true, metadata: true, presign: false, multipart: false },
      head: async () => fail() ?? null, get: async () => fail() ?? null,
      put: async () => { fail(); if (leak !== '') await new Promise((resolve) => setTimeout(resolve, 100)); return { size: 1 } },
      copy: async () => fail(), list: async function* () { fail() }, delete: async () => ({ failed: [] }),
    }
  }
}

export const flavor = defineFlavor({
  type: 'artifact-store', name: 'leaking', description: 'Leaks.',
  config: z.strictObject({ path: z.string(), token: secret() }),
  load: async () => Leaking,
})
`

/** An orchestrator that knows the same secret, and whose hooks tell it to whoever asks. */
const telling = `import { DrivenOrchestrator, defineFlavor, secret, z } from '@stack/core'

class Telling extends DrivenOrchestrator<{ token: { reveal(): string } }> {
  driveOptions() {
    return { concurrency: 1, graceMs: 1000 }
  }
  async launchAttempt(ref, host, options) {
    if (process.env.STACK_LEAK === 'launch') throw new Error('launched with ' + this.config.token.reveal())
    return host.executeStep(ref, options)
  }
  prepareStepRun() {
    console.log('prepared with ' + this.config.token.reveal())
  }
  stepRunMetadata() {
    return { [this.config.token.reveal()]: 'step ' + this.config.token.reveal() }
  }
  pipelineRunMetadata() {
    return { [this.config.token.reveal()]: 'run ' + this.config.token.reveal() }
  }
  cleanupStepRun() {
    throw new Error('cleaned up with ' + this.config.token.reveal())
  }
  validateStack() {
    return [{ path: this.config.token.reveal(), message: 'invalid for ' + this.config.token.reveal() }]
  }
}

export const flavor = defineFlavor({
  type: 'orchestrator', name: 'telling', description: 'Tells.', config: z.strictObject({ token: secret() }),
  load: async () => Telling,
})
`

/** A working store that knows the secret, for steps in processes of their own. */
const kept = `import { defineFlavor, secret, z } from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'

export const flavor = defineFlavor({
  type: 'artifact-store', name: 'kept', description: 'Keeps.',
  config: z.strictObject({ path: z.string(), durable: z.boolean(), token: secret() }),
  load: async () => class extends (await localArtifactStoreFlavor.load()) {
    prepareStepRun() {
      const token = this.config.token.reveal()
      this.log.warn('prepared with ' + token + ' \\u001b[31m')
      for (const piece of token) process.stdout.write(piece)
      process.stdout.write('\\n')
      if (process.env.STACK_LEAK === 'exception') setTimeout(() => { throw new Error('uncaught ' + token) }, 0)
      if (process.env.STACK_LEAK === 'prepare') throw new Error('unprepared ' + token)
      return new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
})
`

const pipelines = `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'

const tell = step({
  name: 'tell',
  output: z.number(),
  run(_input, { log, logMetadata }) {
    const token = process.env.TOKEN ?? ''
    log.warn('logged ' + token, { [token]: token })
    logMetadata({ [token]: token })
    console.log('printed ' + token)
    if (process.env.STACK_LEAK === 'step') {
      throw new Error('failed with ' + token, { cause: new Error(Buffer.from(token).toString('hex')) })
    }
    return 1
  },
})
export const quiet = pipeline({ name: 'quiet', run: () => tell({}) })
`

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
