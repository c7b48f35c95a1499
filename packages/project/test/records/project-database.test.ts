import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isStackError } from '@stack/core'
import { describe, expect, it } from 'vitest'
import { Connection } from '../../src/records/connection.js'
import { initProject } from '../../src/root/init-project.js'
import { projectPaths } from '../../src/root/project-directory.js'
import { endOf, startProgram } from '../program.js'
import { openRecords, temporaryDirectory } from '../temporary-project.js'
import { sampleComponent } from './sample-records.js'

/** A fresh project; gives its root and the path of its database. */
async function freshProject(): Promise<{ readonly root: string; readonly file: string }> {
  const root = temporaryDirectory()
  await initProject(root)
  const file = projectPaths(root).database
  const connection = new Connection(file, file)
  connection.script('PRAGMA wal_checkpoint(TRUNCATE)')
  connection.close()
  return { root, file }
}

describe('a damaged database', () => {
  it.each([
    ['is not a database at all', () => Buffer.from('hello world\n'.repeat(1000))],
    ['was cut off', (bytes: Buffer) => bytes.subarray(0, 6000)],
    ['lost a page', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)])],
  ])('is reported with a way out and left as it is when it %s', async (_, damage) => {
    const { root, file } = await freshProject()
    const damaged = damage(readFileSync(file))
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
    writeFileSync(file, damaged)
    const records = openRecords(root)
    const error = await records.listComponents().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'database-corrupt' })
    expect(isStackError(error) && error.hint).toContain(`mv "${file}"* "${join(root, '.stack/damaged')}" && stack init`)
    await expect(records.createComponent(sampleComponent('a'))).rejects.toMatchObject({ code: 'database-corrupt' })
    await expect(initProject(root)).rejects.toMatchObject({ code: 'database-corrupt' })
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })

  it('is a database of something else', async () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, '.stack'))
    const foreign = new Connection(projectPaths(root).database, 'foreign')
    foreign.script('CREATE TABLE theirs (a); PRAGMA user_version = 1')
    foreign.close()
    await expect(openRecords(root).listStacks()).rejects.toMatchObject({ code: 'database-corrupt' })
  })
})

describe('a newer database', () => {
  it('is neither read nor written', async () => {
    const { root, file } = await freshProject()
    const newer = new Connection(file, file)
    newer.script('PRAGMA user_version = 99')
    newer.close()
    const records = openRecords(root)
    await expect(records.listStacks()).rejects.toMatchObject({
      code: 'database-newer',
      details: { version: 99 },
    })
    await expect(records.createComponent(sampleComponent('a'))).rejects.toMatchObject({ code: 'database-newer' })
    await expect(initProject(root)).rejects.toMatchObject({ code: 'database-newer' })
  })
})

describe('an empty database file, left by a process that ended too early', () => {
  it('reads as a fresh project and is completed by the first write', async () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, '.stack'))
    writeFileSync(projectPaths(root).database, '')
    const records = openRecords(root)
    expect(await records.listStacks()).toHaveLength(1)
    await records.createComponent(sampleComponent('a'))
    expect(await openRecords(root).findComponent('artifact-store', 'a')).toEqual(sampleComponent('a'))
  })
})

describe('a read-only directory', () => {
  /** Takes the right to write from everybody; given back when the program has ended. */
  async function readAndWrite(root: string): Promise<unknown> {
    const directory = join(root, '.stack')
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444)
    chmodSync(directory, 0o555)
    chmodSync(root, 0o555)
    try {
      const { stdout, stderr } = await endOf(startProgram('read-and-write.mjs', root))
      expect(stderr).toBe('')
      return JSON.parse(stdout)
    } finally {
      chmodSync(root, 0o755)
      chmodSync(directory, 0o755)
    }
  }

  it('is read, and a write is permission-denied', async () => {
    const { root, file } = await freshProject()
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
    expect(await readAndWrite(root)).toEqual({ stacks: ['default'], write: 'permission-denied' })
  })

  it.each([
    ['with its index', true],
    ['without its index', false],
  ])('shows what is still in the write-ahead log, %s', async (_, withIndex) => {
    const { root, file } = await freshProject()
    const writer = openRecords(root)
    const stack = await writer.findStack('default')
    if (stack === null) throw new Error('a fresh project has a default stack')
    await writer.createStack({ ...stack, id: 'late', name: 'late' })
    const copy = temporaryDirectory()
    mkdirSync(join(copy, '.stack'))
    for (const ending of ['', '-wal', ...(withIndex ? ['-shm'] : [])])
      copyFileSync(file + ending, projectPaths(copy).database + ending)
    expect(await readAndWrite(copy)).toEqual({ stacks: ['default', 'late'], write: 'permission-denied' })
  })

  it('cannot be made a project', async () => {
    const root = temporaryDirectory()
    chmodSync(root, 0o555)
    const { stderr } = await endOf(startProgram('write-records.mjs', root, 'a', '1'))
    expect(stderr).toContain("code: 'permission-denied'")
    expect(existsSync(join(root, '.stack'))).toBe(false)
  })
})

describe('a full disk', () => {
  it('is no-space, and what was recorded before is intact', async () => {
    const { file } = await freshProject()
    const connection = new Connection(file, file)
    connection.script('PRAGMA max_page_count = 30')
    const fill = () =>
      connection.transaction(() => {
        for (let index = 0; index < 100; index++)
          connection.insert('stack', {
            id: `${index}`,
            name: `${index}`.padEnd(4000, '-'),
            revision: 1,
            created_at: '',
            updated_at: '',
          })
      })
    expect(fill).toThrow(expect.objectContaining({ code: 'no-space' }))
    expect(connection.all('SELECT name FROM stack')).toEqual([{ name: 'default' }])
    connection.close()
  })
})

describe('a database that is locked for too long', () => {
  it('is unavailable', async () => {
    const { file } = await freshProject()
    const holder = new Connection(file, file)
    const waiter = new Connection(file, file)
    waiter.script('PRAGMA busy_timeout = 50')
    holder.transaction(() => {
      expect(() => waiter.transaction(() => undefined)).toThrow(expect.objectContaining({ code: 'unavailable' }))
    })
    waiter.transaction(() => undefined)
    holder.close()
    waiter.close()
  })
})
