/** The records of the project at a directory, from the built package. */
import { ProjectDatabase } from '../../dist/records/project-database.js'
import { SqliteRecordStore } from '../../dist/records/sqlite-record-store.js'
import { projectPaths } from '../../dist/root/project-directory.js'
import { defaultStack } from '../../dist/stacks/default-stack.js'

export function openRecords(root) {
  const file = projectPaths(root).database
  return new SqliteRecordStore(new ProjectDatabase({ root, file, initialRecords: () => defaultStack(null) }))
}
