/** A commit that something other than Stack wrote to the store: the commands refuse it by its key and go on. */
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { linkPackages, makeDirectory, stack } from '../program.js'

/** What stands in a commit in place of what is right. */
interface Case {
  /** Keys from the commit down to the place; none for the whole text. */
  readonly at: readonly string[]
  readonly value: unknown
  readonly content?: string
  readonly materializer?: string
}

/** Steps that are overtaken: before one returns, its commit stands in the store, changed in one place. */
const pipelines = `import { createHash } from 'node:crypto'
import { z } from '@stack/core'
import { ArtifactDirectory, ArtifactFile, defineMaterializer, pipeline, step } from '@stack/pipelines'
import cases from '../cases.json'

const sha256 = (text) => 'sha256:' + createHash('sha256').update(text).digest('hex')

const own = defineMaterializer({
  name: 'own',
  mediaType: 'text/plain',
  matches: () => true,
  save: (content) => content,
  load: async (content) => {
    const { file, path } = content.metadata
    if (path !== undefined) return content.openFile({ path, size: 6, contentHash: sha256('secret') }).text()
    return content.file(file)
  },
})

const plant = step({
  name: 'plant',
  input: z.object({ index: z.number() }),
  materializers: { output: own },
  run: async ({ index }, { run, invocation, artifactStore }) => {
    const { at, value, content = 'content', materializer = 'file' } = cases[index]
    const uri = 'runs/' + run + '/' + invocation + '/1/output'
    const now = new Date().toISOString()
    const output = { uri, materializer, mediaType: 'text/plain', size: content.length, contentHash: sha256(content) }
    const commit = {
      protocol: 1, run, invocation, attempt: 1, token: 'other', startedAt: now, endedAt: now,
      inputs: {}, outputs: { output: { ...output, metadata: { name: 'a.txt' } } }, metadata: {},
    }
    await artifactStore.write('runs/' + run + '/' + invocation + '/1/secret', 'secret')
    const place = at.slice(0, -1).reduce((inner, key) => inner[key], commit)
    if (at.length > 0) Object.defineProperty(place, at.at(-1), { value, enumerable: true })
    const text = at.length > 0 ? JSON.stringify(commit) : value
    await artifactStore.write('runs/' + run + '/' + invocation + '/commit.json', text)
    return content
  },
})

const read = step({
  name: 'read',
  input: z.object({ planted: z.unknown() }),
  run: async ({ planted }, { run, invocation }) => {
    if (planted instanceof ArtifactFile) return planted.text()
    if (planted instanceof ArtifactDirectory) return planted.downloadTo('copies/' + run + invocation)
    return String(planted)
  },
})

const beside = step({ name: 'beside', run: () => 'well' })

export const planted = pipeline({
  name: 'planted',
  run: () => {
    beside()
    cases.forEach((_, index) => read({ planted: plant({ index }, { name: 'plant_' + index }) }, { name: 'read_' + index }))
  },
})
`

interface Step {
  readonly name: string
  readonly status: string
  readonly error?: { readonly code: string; readonly message: string }
}

let root: string
let victims: readonly string[]

beforeAll(() => {
  root = makeDirectory({ 'package.json': '{ "name": "project", "type": "module" }', 'pipelines/planted.ts': pipelines })
  linkPackages(root)
  mkdirSync(join(root, 'tmp'))
  // Where the names below lead to from a directory of a step's file, and from the directory of the project.
  victims = [join(root, 'victim.txt'), join(root, 'tmp/victim.txt')]
  for (const victim of victims) writeFileSync(victim, 'mine')
})

/** One run with a planted commit for each case. */
async function plantAll(cases: readonly Case[]) {
  writeFileSync(join(root, 'cases.json'), JSON.stringify(cases))
  const { exitCode, stdout, stderr, json } = await stack(root, ['run', 'pipelines/planted.ts', '--json'], {
    TMPDIR: join(root, 'tmp'),
  })
  expect(stdout, stderr).toMatch(/^\{/)
  const { id, steps } = json().data as unknown as { readonly id: string; readonly steps: readonly Step[] }
  const find = (name: string) => steps.find((step) => step.name === name) as Step
  return {
    exitCode,
    id,
    beside: find('beside'),
    plant: (index: number) => find(`plant_${index}`),
    read: (index: number) => find(`read_${index}`),
  }
}

const getArtifact = (id: string, ...flags: string[]) => stack(root, ['artifact', 'get', id, ...flags, '--json'])

describe('a name in a commit', () => {
  const names = [
    '../../../victim.txt',
    '../victim.txt',
    '/victim.txt',
    '..\\victim.txt',
    '..',
    '.',
    '',
    'a\0b',
    'a/b',
    1,
  ]

  it('writes no file elsewhere, whichever materializer reads it', async () => {
    const cases = names.flatMap((value): Case[] => [
      { at: ['outputs', 'output', 'metadata', 'name'], value, materializer: 'file' },
      { at: ['outputs', 'output', 'metadata', 'file'], value, materializer: 'own' },
    ])
    const ran = await plantAll(cases)
    expect([ran.exitCode, ran.beside.status]).toEqual([7, 'completed'])
    for (const [index, { value, materializer }] of cases.entries()) {
      expect(ran.plant(index).status).toBe('completed')
      // A name that is no text is as good as none where the built-in materializer reads it.
      if (value === 1 && materializer === 'file') expect(ran.read(index).status).toBe('completed')
      else {
        expect(ran.read(index)).toMatchObject({ status: 'failed', error: { code: 'step-failed' } })
        expect(ran.read(index).error?.message).toMatch(
          new RegExp(
            `The artifact at runs/${ran.id}/plant_${index}/1/output cannot be loaded: .* cannot be the name of a file`,
          ),
        )
      }
    }
    for (const victim of victims) expect(readFileSync(victim, 'utf8')).toBe('mine')
  })

  it('that is an honest one is that of the file', async () => {
    const ran = await plantAll([{ at: ['outputs', 'output', 'metadata', 'name'], value: 'report ä.txt' }])
    expect([ran.exitCode, ran.read(0).status]).toEqual([0, 'completed'])
  })
})

describe('a directory in a commit', () => {
  const at = ['outputs', 'output', 'metadata', 'name']
  const file = (path: unknown) => ({ path, size: 1, contentHash: `sha256:${'0'.repeat(64)}` })
  const manifest = (...files: readonly object[]) => JSON.stringify({ version: 1, files, emptyDirectories: [] })
  const directory = (content: string): Case => ({ at, value: 'a', materializer: 'directory', content })

  it('that lists what is elsewhere is refused by the next step and by artifact get', async () => {
    const paths = ['../../victim.txt', '/victim.txt', 'a/../../victim.txt', 'a\\..\\b', '', 'a//b', 'a\0']
    const ran = await plantAll(paths.map((path) => directory(manifest(file(path)))))
    for (const index of paths.keys()) {
      expect(ran.read(index).error?.message).toMatch(
        new RegExp(`plant_${index}/1/output cannot be loaded: .*leads out of its directory`),
      )
    }
    const got = await getArtifact(`${ran.id}.plant_0.output`, '--output', 'got')
    expect([got.exitCode, got.json().error?.code]).toEqual([2, 'invalid-path'])
    expect([existsSync(join(root, 'got')), existsSync(join(root, 'copies'))]).toEqual([false, false])
    for (const victim of victims) expect(readFileSync(victim, 'utf8')).toBe('mine')
  })

  it('that is damaged is refused by the next step and by artifact get', async () => {
    const contents = ['x', 'null', '{}', manifest({ path: 'a' }), manifest(file(1)), manifest(file('a'), file('A'))]
    const ran = await plantAll(contents.map(directory))
    for (const index of contents.keys()) {
      expect(ran.read(index).error?.message).toContain(
        `The artifact at runs/${ran.id}/plant_${index}/1/output is damaged`,
      )
    }
    const got = await getArtifact(`${ran.id}.plant_0.output`, '--output', 'got')
    expect([got.exitCode, got.json().error?.code]).toEqual([8, 'checksum-mismatch'])
    expect(existsSync(join(root, 'got'))).toBe(false)
  })

  it('that has a name which leads elsewhere is refused by artifact get, before anything is written', async () => {
    const ran = await plantAll([{ ...directory(manifest()), value: '../victim' }])
    expect((await getArtifact(`${ran.id}.plant_0.output`, '--output', 'got')).json().error?.code).toBe('invalid-name')
    expect(existsSync(join(root, 'got'))).toBe(false)
  })

  it('of a materializer of the user’s opens nothing outside its output', async () => {
    const ran = await plantAll([
      { at: ['outputs', 'output', 'metadata', 'path'], value: '../secret', materializer: 'own' },
      { at: ['outputs', 'output', 'metadata', 'path'], value: 5, materializer: 'own' },
    ])
    expect(ran.read(0).error?.message).toContain('leads out of its directory')
    expect(ran.read(1).error?.message).toContain('plant_1/1/output is damaged: path: ')
  })
})

describe('a commit that is damaged', () => {
  const hash = `sha256:${'0'.repeat(64)}`
  const cases: readonly Case[] = [
    ...['{"protocol":1,', '', 'null', '[]', `{"protocol":1,"metadata":${'['.repeat(50_000)}${']'.repeat(50_000)}}`].map(
      (value) => ({ at: [], value }),
    ),
    { at: ['run'], value: '20260101-000000-00000000' },
    { at: ['invocation'], value: 'beside' },
    { at: ['outputs'], value: null },
    { at: ['outputs'], value: [] },
    { at: ['outputs', 'output'], value: null },
    { at: ['outputs', '../../x'], value: { uri: 'a' } },
    { at: ['outputs', 'output', 'uri'], value: '../../../../etc/passwd' },
    { at: ['outputs', 'output', 'uri'], value: '/etc/passwd' },
    { at: ['outputs', 'output', 'uri'], value: 'runs/other/plant_0/1/output' },
    { at: ['outputs', 'output', 'value'], value: 'inlined elsewhere' },
    { at: ['outputs', 'output', 'contentHash'], value: 'sha256:0' },
    { at: ['outputs', 'output', 'contentHash'], value: { toString: 1 } },
    { at: ['outputs', 'output', 'size'], value: -1 },
    { at: ['outputs', 'output', 'size'], value: '7' },
    { at: ['outputs', 'output', 'size'], value: 2 ** 60 },
    { at: ['outputs', 'output', 'materializer'], value: ['file'] },
    { at: ['outputs', 'output', 'metadata'], value: [1] },
    { at: ['attempt'], value: '../1' },
    { at: ['attempt'], value: 0 },
    { at: ['attempt'], value: 2 },
    { at: ['endedAt'], value: 'yesterday' },
    { at: ['metadata'], value: 'none' },
    { at: ['inputs'], value: { '../x': hash } },
    { at: ['inputs'], value: { 'beside.output': 'a' } },
  ]

  it('fails its step with its key, ends no run, and hides nothing else', async () => {
    const ran = await plantAll(cases)
    expect([ran.exitCode, ran.beside.status]).toEqual([7, 'completed'])
    for (const index of cases.keys()) {
      expect([ran.plant(index).status, ran.read(index).status], JSON.stringify(cases[index])).toEqual([
        'failed',
        'skipped',
      ])
      expect(ran.plant(index).error).toMatchObject({
        code: 'step-failed',
        message: expect.stringContaining(`The commit at runs/${ran.id}/plant_${index}/commit.json is damaged: `),
      })
    }
    const artifacts = await stack(root, ['artifact', 'list', '--run', ran.id, '--quiet'])
    expect(artifacts.stdout).toBe(`${ran.id}.beside.output\n`)
    expect((await stack(root, ['runs', 'list', '--quiet'])).stdout).toContain(`${ran.id}\n`)
    expect((await stack(root, ['runs', 'describe', ran.id])).exitCode).toBe(0)
  })

  it('says so where it is of a later version, and leaves out keys that are prototypes', async () => {
    const ran = await plantAll([
      { at: ['protocol'], value: 2 },
      { at: ['outputs', '__proto__'], value: { name: 'x' } },
    ])
    expect(ran.plant(0).error?.message).toContain(
      `The commit at runs/${ran.id}/plant_0/commit.json was written by a newer version of Stack`,
    )
    expect(ran.plant(1).status).toBe('completed')
    const { stdout } = await stack(root, ['artifact', 'list', '--run', ran.id, '--quiet'])
    expect(stdout.trim().split('\n').sort()).toEqual(
      ['beside', 'plant_1', 'read_1'].map((name) => `${ran.id}.${name}.output`),
    )
  })

  it('of a wrong size is a checksum mismatch to the next step and to artifact get', async () => {
    const ran = await plantAll([3, 70].map((value) => ({ at: ['outputs', 'output', 'size'], value })))
    for (const index of [0, 1]) {
      expect(ran.read(index).error?.message).toContain('is not what its step committed')
      for (const flags of [[], ['--output', 'sized.txt']]) {
        const got = await getArtifact(`${ran.id}.plant_${index}.output`, ...flags)
        expect([got.exitCode, got.json().error?.code]).toEqual([8, 'checksum-mismatch'])
      }
    }
    expect(existsSync(join(root, 'sized.txt'))).toBe(false)
  })
})

describe('stack artifact get of a small value', () => {
  const commitOf = (id: string) => join(root, '.stack/artifacts/runs', id, 'inline/commit.json')

  async function runInline(): Promise<string> {
    const text = `import { pipeline, step } from '@stack/pipelines'
const inline = step({ name: 'inline', run: () => ({ a: 1 }) })
export const small = pipeline({ name: 'small', run: () => inline() })`
    writeFileSync(join(root, 'pipelines/inline.ts'), text)
    return (await stack(root, ['run', 'pipelines/inline.ts', '--quiet'])).stdout.trim()
  }

  it.each<[string, (text: string) => string]>([
    ['no JSON', () => 'x'],
    ['an array', () => '[]'],
    [
      'without the output',
      (text) => text.replace('"output":', '"other":').replace('/outputs/output', '/outputs/other'),
    ],
    ['with another value', (text) => text.replace('{"a":1}', '{"a":2}')],
  ])('is a checksum mismatch where its commit is %s now', async (_, change) => {
    const id = await runInline()
    writeFileSync(commitOf(id), change(readFileSync(commitOf(id), 'utf8')))
    const got = await getArtifact(`${id}.inline.output`)
    expect([got.exitCode, got.json().error?.code]).toEqual([8, 'checksum-mismatch'])
    expect(got.json().error?.message).toContain('inline')
    expect((await stack(root, ['artifact', 'list', '--quiet'])).stdout).toContain(`${id}.inline.output\n`)
  })

  it('does not read a commit of 8 GiB', async () => {
    const id = await runInline()
    truncateSync(commitOf(id), 8 * 1024 ** 3)
    expect((await getArtifact(`${id}.inline.output`)).json().error).toMatchObject({
      code: 'checksum-mismatch',
      message: `The commit at runs/${id}/inline/commit.json is damaged: it is larger than 16777216 bytes.`,
    })
  })
})
