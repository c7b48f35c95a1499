/** Every column of every table, damaged in one row of two. */
import type { Warning } from '@stack/core/host'
import { describe, expect, it } from 'vitest'
import { Connection } from '../../src/records/connection.js'
import { projectPaths } from '../../src/root/project-directory.js'
import { openTestProject, temporaryDirectory } from '../temporary-project.js'
import { sampleArtifact, sampleComponent, sampleRun, sampleStack, sampleStep } from './sample-records.js'

const flavor = (name: string) => ({
  id: `id-${name}`,
  type: 'alerter' as const,
  name,
  source: 'a.ts#a',
  manifest: {},
  files: {},
  revision: 1,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:05.678Z',
})

/** A project with two records of each kind, `one` and `two`, beside the initial ones. */
async function twoOfEach() {
  const root = temporaryDirectory()
  const warnings: Warning[] = []
  const project = await openTestProject(root, { onWarning: (warning) => void warnings.push(warning) })
  const { records } = project
  for (const name of ['one', 'two']) {
    await records.createComponent(sampleComponent(name))
    await records.createStack(sampleStack(name))
    await records.createSourceFlavor(flavor(name))
    await records.createRun(sampleRun(`id-${name}`), [])
    await records.recordStepRun(sampleStep('id-two', name, 0), [sampleArtifact('id-two', name, { id: `id-${name}` })])
  }
  const file = projectPaths(root).database
  return { records, warnings, file, database: new Connection(file, file) }
}

type Records = Awaited<ReturnType<typeof twoOfEach>>['records']

const lists: Readonly<Record<string, (records: Records) => Promise<readonly object[]>>> = {
  component: (records) => records.listComponents('artifact-store'),
  stack: (records) => records.listStacks(),
  source_flavor: (records) => records.listSourceFlavors(),
  run: (records) => records.listRuns({ limit: 50 }),
  step_run: (records) => records.listStepRuns('id-two'),
  artifact: (records) => records.listArtifacts({ limit: 50 }),
}

const gets: Readonly<Record<string, (records: Records, id: string) => Promise<unknown>>> = {
  component: (records, id) => records.getComponent(id),
  stack: (records, id) => records.getStack(id),
  run: (records, id) => records.getRun(id),
  artifact: (records, id) => records.getArtifact(id),
}

describe.each(Object.entries(lists))('a damaged column of the table %s', (table, list) => {
  it('hides its own row from lists, which is reported, and no other', async () => {
    const { records, warnings, file, database } = await twoOfEach()
    const before = (await list(records)).length
    const columns = database.all<{ name: string; type: string }>(`SELECT name, type FROM pragma_table_info('${table}')`)
    const [{ row } = { row: 0 }] = database.all<{ row: number }>(`SELECT max(rowid) AS row FROM ${table}`)
    database.script(`PRAGMA foreign_keys = OFF; CREATE TEMP TABLE sound AS SELECT * FROM ${table} WHERE rowid = ${row}`)
    const unread = ['sequence']
    // By these the rows are chosen: another value is another row, not a damaged one.
    const chosenBy = table === 'step_run' ? ['run'] : table === 'component' ? ['type'] : []
    for (const { name, type } of columns.filter(({ name }) => ![...unread, ...chosenBy].includes(name))) {
      const damaged = type === 'TEXT' ? "CAST(x'5bff' AS TEXT)" : '-9007199254740993'
      database.run(`UPDATE ${table} SET ${name} = ${damaged} WHERE rowid = ${row}`)
      expect([name, (await list(records)).length]).toEqual([name, before - 1])
      expect(warnings.splice(0)).toEqual([
        {
          code: 'database-corrupt',
          message: expect.stringMatching(new RegExp(`table ${table} of .*${file}.* its "${name}" is not `)),
          hint: expect.stringContaining('To delete this record and keep all others: '),
        },
      ])
      if (name !== 'id' && gets[table] !== undefined)
        await expect(gets[table](records, 'id-two')).rejects.toMatchObject({
          code: 'database-corrupt',
          details: { table, column: name, row },
        })
      database.run(`UPDATE ${table} SET ${name} = (SELECT ${name} FROM sound) WHERE rowid = ${row}`)
    }
    expect((await list(records)).length).toBe(before)
    expect(warnings).toEqual([])
    database.close()
  })
})
