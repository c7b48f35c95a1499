import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { Connection } from '../../src/records/connection.js'
import { initProject } from '../../src/index.js'
import { projectPaths } from '../../src/root/project-directory.js'
import { openRecords, temporaryDirectory } from '../temporary-project.js'
it('x', async () => {
  const root = temporaryDirectory()
  await initProject(root)
  const file = projectPaths(root).database
  const connection = new Connection(file, file)
  connection.script('PRAGMA wal_checkpoint(TRUNCATE)')
  connection.close()
  const bytes = readFileSync(file).subarray(0, 6000)
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true })
  writeFileSync(file, bytes)
  for (const sql of ['SELECT * FROM component ORDER BY type, name', 'SELECT component.rowid AS row_id, CAST(component.name AS BLOB) AS name FROM component', 'SELECT component.rowid AS row_id, CAST(component.name AS BLOB) AS name FROM component ORDER BY type, name LIMIT -1 OFFSET 0','SELECT CAST(component.name AS BLOB) AS name FROM component ORDER BY type, name']) {
    const c = new Connection(file, file)
    try { console.log(sql, c.all(sql)) } catch (e) { console.log(sql, String(e), (e as any).details) }
    c.close()
  }
})
