import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { linkPackages, makeDirectory, stack } from '../program.js'

const program = fileURLToPath(new URL('../../dist/stack.cjs', import.meta.url))

const pipelines = `import { mkdir, writeFile } from 'node:fs/promises'
import { ArtifactDirectory, ArtifactStream, pipeline, step } from '@stack/pipelines'

const text = step({ name: 'text', run: () => 'two\\nlines' })
const small = step({ name: 'small', run: () => ({ a: 1 }) })
const lines = step({
  name: 'lines',
  output: ArtifactStream,
  run: () =>
    new ArtifactStream((async function* () {
      for (let line = 0; line < 160; line += 1) yield String(line % 10).repeat(64 * 1024)
    })(), { mediaType: 'text/plain' }),
})
const model = step({
  name: 'model',
  output: ArtifactDirectory,
  run: async () => {
    await mkdir('model/layers/empty', { recursive: true })
    await writeFile('model/config.json', '{}')
    await writeFile('model/layers/1.bin', new Uint8Array([1, 2, 3]))
    return new ArtifactDirectory('model')
  },
})

export const kinds = pipeline({ name: 'kinds', run: () => void [text(), small(), lines(), model()] })
`

let root: string

beforeAll(async () => {
  root = makeDirectory({ 'package.json': '{ "name": "project", "type": "module" }', 'pipelines/kinds.ts': pipelines })
  linkPackages(root)
  const ran = await stack(root, ['run', 'pipelines/kinds.ts', '--json'])
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0)
})

interface Described {
  readonly uri: string
  readonly contentHash: string
  readonly size: number
  readonly base64?: string
  readonly files?: readonly { readonly path: string }[]
  readonly output?: string
}

const describeArtifact = async (name: string, ...flags: string[]) => {
  const { json } = await stack(root, ['artifact', ...flags, `kinds/${name}/output`, '--json'])
  return json().data as unknown as Described
}

describe('stack artifact list', () => {
  it('shows the size of a directory as that of its files', async () => {
    const { stdout } = await stack(root, ['artifact', 'list', '--name', 'kinds/model/output'])
    expect(stdout).toMatch(/\tapplication\/vnd\.stack\.directory\+json\t5\t/)
  })
})

describe('stack artifact get', () => {
  it('writes the bytes to stdout as they are, of a stream as they come', async () => {
    expect((await stack(root, ['artifact', 'get', 'kinds/text/output'])).stdout).toBe('two\nlines')
    expect((await stack(root, ['artifact', 'get', 'kinds/small/output'])).stdout).toBe('{"a":1}')
    const { stdout, exitCode } = await stack(root, ['artifact', 'get', 'kinds/lines/output'])
    const { contentHash, size } = await describeArtifact('lines', 'describe')
    expect([exitCode, size]).toEqual([0, 10 * 1024 * 1024])
    expect(`sha256:${createHash('sha256').update(stdout).digest('hex')}`).toBe(contentHash)
  })

  it('ends quietly when its reader goes away', () => {
    const script = `"$0" "$1" artifact get kinds/lines/output | head -c 3; echo " \${PIPESTATUS[0]}"`
    const options = { cwd: root, encoding: 'utf8' } as const
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program], options)
    expect([stdout, stderr]).toEqual(['000 0\n', ''])
  })

  it('gives the bytes as base64 with --json', async () => {
    const { base64 = '' } = await describeArtifact('text', 'get')
    expect(Buffer.from(base64, 'base64').toString()).toBe('two\nlines')
  })

  it.runIf(platform() === 'linux')('ends text with a line break on a terminal, and nowhere else', () => {
    const shown = (name: string) => {
      const command = `${process.execPath} ${program} artifact get kinds/${name}/output`
      const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: root, encoding: 'utf8' })
      return stdout.replaceAll('\r', '')
    }
    expect(shown('text')).toBe('two\nlines\n')
    expect(shown('small')).toBe('{"a":1}\n')
  })

  it('writes a directory into a new or empty one', async () => {
    const written = await stack(root, ['artifact', 'get', 'kinds/model/output', '--output', 'copy'])
    expect(written).toMatchObject({ exitCode: 0, stdout: `${join(root, 'copy')}\n`, stderr: 'Wrote the directory.\n' })
    expect(readdirSync(join(root, 'copy'), { recursive: true }).sort()).toEqual([
      'config.json',
      'layers',
      'layers/1.bin',
      'layers/empty',
    ])
    expect(readFileSync(join(root, 'copy/layers/1.bin'))).toEqual(Buffer.from([1, 2, 3]))
    const again = await stack(root, ['artifact', 'get', 'kinds/model/output', '--output', 'copy', '--json'])
    expect([again.exitCode, again.json().error?.code]).toEqual([5, 'already-exists'])
  })

  it('says of a directory how to get it, and lists its files with --json', async () => {
    const { exitCode, stderr, stdout } = await stack(root, ['artifact', 'get', 'kinds/model/output'])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/is a directory of 2 files.*\n.*\n.*stack artifact get \S+ --output DIR/)
    const { files, base64 } = await describeArtifact('model', 'get')
    expect([files?.map(({ path }) => path), base64]).toEqual([['config.json', 'layers/1.bin'], undefined])
  })

  it('writes anything else into a new file', async () => {
    const { exitCode, stdout } = await stack(root, ['artifact', 'get', 'kinds/lines/output', '-o', 'lines.txt', '-q'])
    expect([exitCode, stdout]).toEqual([0, `${join(root, 'lines.txt')}\n`])
    expect(statSync(join(root, 'lines.txt')).size).toBe(10 * 1024 * 1024)
    const given = async (path: string) => {
      const { exitCode, json } = await stack(root, ['artifact', 'get', 'kinds/text/output', '-o', path, '--json'])
      return [exitCode, json().error?.code]
    }
    expect(await given('lines.txt')).toEqual([5, 'already-exists'])
    expect(await given('none/lines.txt')).toEqual([3, 'not-found'])
  })

  it('refuses bytes that are not those that were committed, and leaves no file of them', async () => {
    for (const [name, bytes] of [
      ['text', 'two\nlinez'],
      ['lines', 'x'.repeat(10 * 1024 * 1024)],
    ] as const) {
      const { uri } = await describeArtifact(name, 'describe')
      const path = join(root, '.stack/artifacts', uri)
      const before = readFileSync(path)
      writeFileSync(path, bytes)
      const { exitCode, stderr } = await stack(root, ['artifact', 'get', `kinds/${name}/output`])
      expect([exitCode, stderr.includes('checksum')]).toEqual([8, true])
      const file = await stack(root, ['artifact', 'get', `kinds/${name}/output`, '-o', 'torn.txt', '--json'])
      expect(file.json().error?.code).toBe('checksum-mismatch')
      expect(existsSync(join(root, 'torn.txt'))).toBe(false)
      writeFileSync(path, before)
    }
  })
})
