import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endOf, startProgram } from '../program.js'
import { openRecords, temporaryDirectory } from '../temporary-project.js'

describe('16 processes at once', () => {
  it('all make the same fresh project and record everything in it', async () => {
    const root = temporaryDirectory()
    chmodSync(root, 0o777)
    const writers = Array.from({ length: 16 }, (_, index) => startProgram('write-records.mjs', root, `p${index}`, '10'))
    const results = await Promise.all(writers.map(endOf))
    expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(results.map(() => [0, '']))
    const records = openRecords(root)
    expect(await records.listComponents('artifact-store')).toHaveLength(161)
    expect((await records.listStacks()).map((stack) => stack.name)).toEqual(['default'])
    const versions = (await records.listArtifacts({ name: 'shared/step/output' })).map((artifact) => artifact.version)
    expect(versions).toEqual(Array.from({ length: 160 }, (_, index) => 160 - index))
  })
})

describe('a process killed at any moment', () => {
  it('leaves a project that has all it reported and still works', async () => {
    const reported: string[] = []
    const root = temporaryDirectory()
    chmodSync(root, 0o777)
    for (let round = 0; round < 50; round++) {
      const writer = startProgram('write-records.mjs', root, `r${round}`, '100000')
      writer.stdout?.once('data', () => setTimeout(() => writer.kill('SIGKILL'), Math.random() * 50))
      const { stdout, stderr } = await endOf(writer)
      expect(stderr).toBe('')
      reported.push(...stdout.split('\n').filter((line) => line !== ''))
    }
    const after = await endOf(startProgram('write-records.mjs', root, 'after', '3'))
    expect(after).toEqual({ exitCode: 0, stdout: 'after-0\nafter-1\nafter-2\n', stderr: '' })
    const records = openRecords(root)
    const recorded = new Set((await records.listComponents('artifact-store')).map(({ name }) => name))
    expect(reported.length).toBeGreaterThan(0)
    expect(reported.filter((id) => !recorded.has(id))).toEqual([])
    expect((await records.listStacks()).map((stack) => stack.name)).toEqual(['default'])
    const names = readdirSync(join(root, '.stack')).filter((name) => !name.startsWith('project.db') && name !== 'cache')
    expect(names).toEqual(['.gitignore'])
  }, 120_000)

  it('leaves a project that can be made where the making was cut off', async () => {
    for (let round = 0; round < 10; round++) {
      const root = temporaryDirectory()
      chmodSync(root, 0o777)
      const maker = startProgram('write-records.mjs', root, 'first', '1')
      setTimeout(() => maker.kill('SIGKILL'), 40 + Math.random() * 120)
      await endOf(maker)
      const again = await endOf(startProgram('write-records.mjs', root, 'second', '1'))
      expect(again).toEqual({ exitCode: 0, stdout: 'second-0\n', stderr: '' })
    }
  }, 120_000)
})
