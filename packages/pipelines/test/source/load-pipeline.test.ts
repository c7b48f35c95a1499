import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceLoader } from '@stack/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipeline } from '../../src/definition/pipeline.js'
import { loadPipeline } from '../../src/source/load-pipeline.js'

const train = pipeline({ name: 'train', run: () => {} })
const test = pipeline({ name: 'test', run: () => {} })
const modules: Record<string, Record<string, unknown>> = {
  'train.ts': { train, default: train, helper: 1 },
  'two.ts': { train, test },
  'none.ts': { helper: 1 },
  'odd#name.ts': { train },
}

let root: string

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'stack-load-pipeline-')))
  for (const name of Object.keys(modules)) await writeFile(join(root, name), '')
})

afterAll(() => rm(root, { recursive: true, force: true }))

const loader: SourceLoader = {
  load: async (file) => ({ module: modules[file.slice(root.length + 1)] ?? {}, files: {} }),
}

function load(spec: string, cwd = root) {
  return loadPipeline(loader, spec, { cwd, projectRoot: root })
}

describe('loadPipeline', () => {
  it('finds a pipeline by file and export, and says where another process finds it', async () => {
    expect(await load('two.ts#test')).toEqual({
      pipeline: test,
      code: { kind: 'path', root, file: 'two.ts', export: 'test' },
    })
  })

  it('takes the only pipeline of a file, by its own name where it is the default too', async () => {
    const { pipeline: found, code } = await load('./train.ts')
    expect([found, code.export]).toEqual([train, 'train'])
    expect((await load('train.ts#default')).pipeline).toBe(train)
  })

  it('finds a file from the project where the working directory has none', async () => {
    expect((await load('two.ts#train', tmpdir())).code.file).toBe('two.ts')
    expect((await load(join(root, 'two.ts#train'), tmpdir())).pipeline).toBe(train)
  })

  it('takes the last # of a name that has several', async () => {
    expect((await load('odd#name.ts')).code).toMatchObject({ file: 'odd#name.ts', export: 'train' })
    expect((await load('odd#name.ts#train')).pipeline).toBe(train)
  })

  it('suggests a file that is there', async () => {
    await expect(load('trian.ts#train')).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no file trian.ts. Did you mean "train.ts"?',
    })
    await expect(load('.')).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('not a file') })
    await expect(load('#train')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('suggests an export that is there', async () => {
    await expect(load('two.ts#tain')).rejects.toMatchObject({
      code: 'not-found',
      message: 'two.ts has no export "tain". Did you mean "train"?',
      hint: 'Its pipelines are: train, test.',
    })
  })

  it('asks which one, where a file has several', async () => {
    await expect(load('two.ts')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('train, test'),
    })
  })

  it('refuses what is no pipeline', async () => {
    await expect(load('train.ts#helper')).rejects.toMatchObject({ code: 'invalid-pipeline' })
    await expect(load('none.ts')).rejects.toMatchObject({ code: 'invalid-pipeline' })
  })
})
