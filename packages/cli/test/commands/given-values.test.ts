import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { flavorPackage, projectManifest } from '../flavor-package.js'
import { linkPackages, makeDirectory, stack } from '../program.js'

vi.setConfig({ testTimeout: 120_000 })

const program = fileURLToPath(new URL('../../dist/stack.cjs', import.meta.url))

const schema = {
  type: 'object',
  properties: {
    n: { type: 'number', multipleOf: 0.5 },
    i: { type: 'integer', minimum: -5 },
    list: { type: 'array', items: { type: 'number' } },
    any: {},
    text: { type: 'string' },
  },
  additionalProperties: false,
}

const project = (files: Readonly<Record<string, string>> = {}) =>
  makeDirectory({ ...projectManifest('flavor-s3'), ...flavorPackage({ schema }), ...files })

const register = (flags: readonly string[]) => ['artifact-store', 'register', 'x', '--flavor=s3', '--json', ...flags]

/** The code, and the places that its problems name. */
async function refusal(root: string, flags: readonly string[]) {
  const { json, exitCode } = await stack(root, register(flags))
  const { code, problems } = json().error ?? { code: undefined, problems: [] }
  return { exitCode, code, paths: problems.map(({ path }) => path) }
}

describe('a number that JSON cannot hold is a problem of its field', () => {
  it.each([
    ['--n=1e999', 'n'],
    ['--n=-1e999', 'n'],
    ['--i=1e999', 'i'],
    ['--i=9007199254740993', 'i'],
    ['--i=-9007199254740993', 'i'],
    ['--list=1e999', 'list[0]'],
    ['--list=[1,1e999]', 'list[1]'],
    ['--any={"a":[1e999]}', 'any.a[0]'],
    ['--any.a.b=1e999', 'any.a.b'],
    ['--n=NaN', 'n'],
    ['--n=Infinity', 'n'],
  ])('%s', async (flag, path) => {
    expect(await refusal(project(), [flag])).toEqual({ exitCode: 2, code: 'invalid-config', paths: [path] })
  })

  it.each([
    ['c.json', '{"any":{"a":1e999}}', 'any.a'],
    ['c.json', '{"i":9007199254740993}', 'i'],
    ['c.yaml', 'any: {a: .nan}', 'any.a'],
    ['c.yaml', 'n: .inf', 'n'],
    ['c.yaml', 'list: [1, -1e999]', 'list[1]'],
    ['c.yaml', 'any: !!set {a}', 'any'],
    ['c.yaml', 'any: !!timestamp 2001-01-01', 'any'],
    ['c.yaml', 'any: !!binary aGk=', 'any'],
  ])('%s with %s', async (file, text, path) => {
    const result = await refusal(project({ [file]: text }), [`--config=${file}`])
    expect(result).toEqual({ exitCode: 2, code: 'invalid-config', paths: [path] })
  })

  it.each(['--n=1e-400', '--n=-0', '--n=1e308', '--i=9007199254740991', '--n=5e-1'])('%s is one', async (flag) => {
    expect((await stack(project(), register([flag]))).exitCode).toBe(0)
  })
})

it('and so it is of settings and of the parameters of a pipeline', async () => {
  const root = project({
    'p.ts': `import { z } from '@stack/core'
import { pipeline, step } from '@stack/pipelines'
const echo = step({ name: 'echo', input: z.object({ a: z.unknown() }), output: z.unknown(), run: ({ a }) => a })
export const p = pipeline({ name: 'p', params: z.object({ a: z.unknown() }), run({ a }) { echo({ a }) } })
`,
  })
  linkPackages(root)
  const errorOf = async (argv: readonly string[]) => (await stack(root, [...argv, '--json'])).json().error
  for (const value of ['1e999', '{"b":1e999}', `${'['.repeat(20_000)}${']'.repeat(20_000)}`]) {
    const error = await errorOf(['run', 'p.ts', `--a=${value}`])
    expect(error).toMatchObject({ code: 'invalid-params', problems: [{ path: expect.stringMatching(/^a/) }] })
  }
  const settings = ['orchestrator', 'register', 'o', '--flavor=local', '--settings.graceSeconds=1e999']
  expect(await errorOf(settings)).toMatchObject({
    code: 'invalid-settings',
    problems: [{ path: 'settings.graceSeconds' }],
  })
  expect(await errorOf(['run', 'p.ts', '--a=1', '--settings.orchestrator.graceSeconds=1e999'])).toMatchObject({
    code: 'invalid-settings',
    problems: [{ path: 'settings.orchestrator.graceSeconds' }],
  })
})

describe('values without end', () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

  it('nested too deeply, in a flag, in a file, and by the flag itself', async () => {
    const root = project({ 'deep.json': `{"any":${deep(200_000)}}`, 'deep.yaml': `any: ${deep(20_000)}` })
    const inAny = { exitCode: 2, code: 'invalid-config', paths: [expect.stringMatching(/^any(\[0\])+$/)] }
    expect(await refusal(root, [`--any=${deep(50_000)}`])).toEqual(inAny)
    expect(await refusal(root, ['--config=deep.json'])).toEqual(inAny)
    expect(await refusal(root, ['--config=deep.yaml'])).toMatchObject({ exitCode: 2, code: 'usage' })
    expect(await refusal(root, [`--any${'.a'.repeat(50_000)}=1`])).toMatchObject({ exitCode: 2, code: 'usage' })
  })

  it('YAML that takes longer than two seconds to read', async () => {
    const root = project({ 'slow.yaml': Array.from({ length: 90_000 }, (_, i) => `k${i}: 1\n`).join('') })
    const { json } = await stack(root, register(['--config=slow.yaml']))
    expect(json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('longer than two seconds') })
  })

  it('a file larger than 1 MiB, and one without end', async () => {
    const root = project({ 'large.txt': 'x'.repeat(1024 * 1024 + 1), 'fits.txt': 'x'.repeat(1024 * 1024) })
    for (const flag of ['--config=large.txt', '--text=@large.txt', '--config=/dev/zero', '--text=@/dev/zero']) {
      const { json } = await stack(root, register([flag]))
      expect(json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('larger than 1 MiB') })
    }
    expect((await stack(root, register(['--text=@fits.txt']))).exitCode).toBe(0)
  })

  it('a directory and a file that is not there', async () => {
    const root = project()
    expect(await refusal(root, ['--config=node_modules'])).toMatchObject({ code: 'is-a-directory' })
    expect(await refusal(root, ['--text=@node_modules'])).toMatchObject({ code: 'is-a-directory' })
    expect(await refusal(root, ['--config=none.json'])).toMatchObject({ code: 'not-found' })
    expect(await refusal(root, ['--text=@none.txt'])).toMatchObject({ code: 'not-found' })
  })

  it('a pipe is read: it was named on purpose', () => {
    const root = project()
    const run = (flag: string, input: string) =>
      spawnSync('/bin/sh', ['-c', 'cat | "$0" "$@"', process.execPath, program, ...register([flag])], {
        cwd: root,
        input,
        encoding: 'utf8',
      })
    const fromConfig = run('--config=/dev/stdin', 'n: 1.5\n')
    expect(JSON.parse(fromConfig.stdout).data).toMatchObject({ config: { n: 1.5 } })
    rmSync(join(root, '.stack'), { recursive: true })
    expect(JSON.parse(run('--text=@/dev/stdin', 'from a pipe\n').stdout).data).toMatchObject({
      config: { text: 'from a pipe' },
    })
  })
})

describe('what is no regular file in a package holds no command up', () => {
  const pipe = (path: string): void => {
    rmSync(path, { force: true })
    execFileSync('mkfifo', [path])
  }
  const socket = (path: string): void => {
    rmSync(path, { force: true })
    const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', script, path])
  }
  const directory = (path: string): void => {
    rmSync(path, { force: true })
    mkdirSync(path)
  }

  it.each([
    ['pipe', pipe],
    ['socket', socket],
    ['directory', directory],
  ])('a schema that is a %s', async (_, make) => {
    const root = project(flavorPackage({ name: 'flavor-bad', flavor: 'bad' }))
    writeFileSync(join(root, 'package.json'), projectManifest('flavor-s3', 'flavor-bad')['package.json'] ?? '')
    make(join(root, 'node_modules/flavor-bad/schemas/artifact-store.json'))
    for (const argv of [
      ['artifact-store', 'flavor', 'describe', 'bad', '--json'],
      ['artifact-store', 'register', 'x', '--flavor=bad', '--help', '--json'],
      ['artifact-store', 'register', 'x', '--flavor=bad', '--path=a', '--json'],
    ]) {
      const { json } = await stack(root, argv)
      expect(json().error).toMatchObject({ code: 'invalid-manifest', message: expect.stringContaining('flavor-bad') })
    }
    expect((await stack(root, register(['--n=1']))).exitCode).toBe(0)
  })

  it.each([
    ['pipe', pipe],
    ['socket', socket],
    ['directory', directory],
  ])('a package.json that is a %s', async (_, make) => {
    const root = project(flavorPackage({ name: 'flavor-bad', flavor: 'bad' }))
    writeFileSync(join(root, 'package.json'), projectManifest('flavor-s3', 'flavor-bad')['package.json'] ?? '')
    make(join(root, 'node_modules/flavor-bad/package.json'))
    const { json } = await stack(root, ['flavor', 'list', '--json'])
    expect(json().data).toContainEqual(expect.objectContaining({ name: 's3', status: 'ok' }))
    make(join(root, 'package.json'))
    expect((await stack(root, ['flavor', 'list', '--json'])).exitCode).toBe(0)
  })
})
